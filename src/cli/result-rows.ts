import type { Result } from '../client/results.ts';
import type { Charge } from '../contracts/money.ts';

/** The columns of a CSV of results; new ones are added at the end. */
export const RESULT_COLUMNS = [
  'scrapeId',
  'scraper',
  'market',
  'label',
  'sample',
  'outcome',
  'submissions',
  'credits',
  'possiblySpentCredits',
  'submittedAt',
  'collectedAt',
  'prompt',
  'text',
  'citations',
  'failure',
  'simulated',
  'usd',
  'possiblySpentUsd',
  'ranks',
];

/** One result as cells in the order of `RESULT_COLUMNS`; cited and listed URLs are separated by spaces. */
export function toResultRow({ record, answer }: Result): string[] {
  return [
    record.scrapeId,
    record.scraper,
    record.market,
    record.label ?? '',
    String(record.sample ?? ''),
    record.outcome,
    String(record.submissions),
    String(record.charge.credits ?? 0),
    String(record.possiblySpent.credits ?? 0),
    record.submittedAt ?? '',
    record.collectedAt ?? '',
    answer?.prompt ?? '',
    answer?.text ?? '',
    (answer?.citations ?? []).map(({ url }) => url).join(' '),
    record.failure ? `${record.failure.type}: ${record.failure.message}` : '',
    String(record.simulated),
    toUsd(record.charge),
    toUsd(record.possiblySpent),
    (answer?.ranks ?? []).flatMap(({ url }) => url ?? []).join(' '),
  ];
}

/** Dollars with all six decimals that providers bill in. */
function toUsd({ usdMicros = 0 }: Charge): string {
  return (usdMicros / 1_000_000).toFixed(6);
}

/**
 * One line of CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe in front: answers are
 * foreign text.
 */
export function toCsvLine(cells: readonly string[]): string {
  return cells.map((cell) => quote(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)).join(',');
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
