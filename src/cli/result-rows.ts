import { formatUsd } from '../contracts/money.ts';
import type { Result } from '../client/results.ts';

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
    decimals(record.charge.usdMicros),
    decimals(record.possiblySpent.usdMicros),
    (answer?.ranks ?? []).flatMap(({ url }) => url ?? []).join(' '),
  ];
}

/** Dollars as a spreadsheet adds them up: `0.0012`, never `1.2e-3`. */
function decimals(usdMicros = 0): string {
  return usdMicros === 0 ? '0' : formatUsd(usdMicros).slice(1);
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
