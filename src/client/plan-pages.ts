import type { StoredPage } from '../store/store.ts';

/** A partition's history stays under 5,000 events with this many children. */
export const MAX_PAGE_ROWS = 500;
/** A page is one activity result; far below the 2 MB that Temporal takes, and quick to read. */
export const MAX_PAGE_BYTES = 200_000;

/** Cuts rows into pages within both limits, in order; a row that alone is larger has a page of its own. */
export function toPages(rows: Iterable<StoredPage[number]>): StoredPage[] {
  const pages: StoredPage[] = [];
  let page: StoredPage = [];
  let bytes = 0;
  for (const row of rows) {
    const rowBytes = Buffer.byteLength(JSON.stringify(row)) + 1; // its comma
    if (page.length > 0 && (page.length === MAX_PAGE_ROWS || bytes + rowBytes > MAX_PAGE_BYTES)) {
      pages.push(page);
      page = [];
    }
    if (page.length === 0) bytes = 1; // the brackets, less the comma that the last row has not
    page.push(row);
    bytes += rowBytes;
  }
  return page.length === 0 ? pages : [...pages, page];
}
