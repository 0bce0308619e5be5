import Table from 'cli-table3';

/** Draws a table that can be pasted into a message: no lines but the spaces between the columns. */
export function bareTable(
  head: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  numbers: readonly string[] = [],
): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    chars: BARE,
    colAligns: head.map((name) => (numbers.includes(name) ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};
