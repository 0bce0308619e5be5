import type { CapLine, CapMonth } from '../contracts/caps.ts';
import type { CapLog } from '../store/store.ts';
import { EMPTY_BOOK, readLine } from './cap-book.ts';
import type { CapBook } from './cap-book.ts';

/** Reads a log to its end: its last line has the totals, and the lines since its `openFrom` have what is not settled. */
export async function readBook(log: CapLog, where: CapMonth): Promise<CapBook> {
  const last = await lastLine(log, where);
  if (!last) return EMPTY_BOOK;
  let book: CapBook = { ...EMPTY_BOOK, n: last.openFrom - 1 };
  for (let n = last.openFrom; n < last.n; n++) {
    const line = await log.read(where, n);
    if (!line)
      throw new RangeError(`${where.provider}/${where.account}: line ${n} of ${where.month} is gone`);
    book = readLine(book, line);
  }
  return catchUp(log, where, readLine(book, last));
}

/** The book after the lines that others wrote since. */
export async function catchUp(log: CapLog, where: CapMonth, book: CapBook): Promise<CapBook> {
  let read = book;
  for (let line = await log.read(where, read.n + 1); line; line = await log.read(where, read.n + 1)) {
    read = readLine(read, line);
  }
  return read;
}

/** Lines are numbered without a gap, so the last one is found by a few dozen looks in a log of any length. */
async function lastLine(log: CapLog, where: CapMonth): Promise<CapLine | undefined> {
  let last: CapLine | undefined;
  let there = 0;
  let missing = 1;
  for (;;) {
    const line = await log.read(where, missing);
    if (!line) break;
    [last, there, missing] = [line, missing, missing * 2];
  }
  while (missing - there > 1) {
    const middle = Math.floor((there + missing) / 2);
    const line = await log.read(where, middle);
    if (line) [last, there] = [line, middle];
    else missing = middle;
  }
  return last;
}
