/**
 * The histories of every release, by the version that wrote them; `npm run record-histories` records those of the
 * version in package.json. Append only: what a released worker began, every later worker must be able to end.
 */
export const HISTORY_CASES = {
  '0.1.0': [
    'scrape-done-polled-three-times',
    'scrape-done-by-hint',
    'scrape-done-in-a-batch',
    'scrape-failed-twice',
    'scrape-failed-then-done',
    'scrape-expired',
    'scrape-unknown',
    'scrape-unknown-resubmitted',
    'scrape-cancelled-before-buying',
    'scrape-cancelled-while-buying',
    'scrape-cancelled-while-bought',
    'scrape-refused-by-ceiling',
    'scrape-refused-by-provider',
    'scrape-receipt-journalled-late',
    'scrape-invalid-shape',
    'scrape-invalid-market',
    'scrape-reset',
    'scrape-stored-before',
    'batch-done',
    'batch-of-many-pages',
    'batch-with-places-given-back',
    'batch-cancelled',
    'batch-over-ceiling',
    'batch-begun-again-after-cancel',
    'batch-partition-reset',
    'batch-reset',
    'partition-done',
    'partition-cancelled',
    'partition-over-ceiling',
    'partition-begun-again-after-cancel',
    'partition-reset',
    'partition-reset-under-ceiling',
    'partition-by-pages',
    'partition-by-pages-in-a-small-window',
    'partition-by-pages-cancelled',
    'scrape-bought-in-a-page',
    'scrape-refused-in-a-page',
    'scrape-unknown-in-a-page',
    'scrape-in-a-page-journalled-late',
    'collector-open',
    'scrape-done-by-collector',
    'scrape-done-by-post',
    'scrape-done-after-an-unreadable-post',
    'scrape-in-a-page-done-by-post',
    'batch-ceiling-raised',
    'partition-ceiling-raised',
    'batch-retry-begun',
    'batch-retried',
    'partition-retried',
    'scrape-retried-after-failed',
    'scrape-retried-after-unknown',
    'partition-by-pages-retried',
    'scrape-in-a-page-retried',
    'storeBinding-open',
    'unknownType-failed',
  ],
} as const;

export type HistoryCase = (typeof HISTORY_CASES)['0.1.0'][number];

/** `test/replay/histories/<case>-<version>.json` */
export function historyFile(historyCase: string, version: string): string {
  return `${historyCase}-${version}.json`;
}
