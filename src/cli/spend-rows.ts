import { addCharges, formatUsd, totalUsdMicros } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { SpendDimension, SpendRow } from '../ledger/spend-query.ts';
import { bareTable } from './bare-table.ts';

/** The columns of a CSV of spend after those of its groups; new ones are added at the end. */
export const SPEND_COLUMNS = [
  'scrapes',
  'submissions',
  'usd',
  'credits',
  'possiblySpentUsd',
  'possiblySpentCredits',
  'refundExpectedUsd',
  'refundExpectedCredits',
  'totalUsd',
];

/** One group as cells of a CSV; the total is empty where nobody said what a credit costs. */
export function spendCells(row: SpendRow, usdPerCredit?: number): string[] {
  const money = [row.charge, row.possiblySpent, row.refundExpected].flatMap(({ usdMicros, credits = 0 }) => [
    decimals(usdMicros),
    String(credits),
  ]);
  const total = totalOf(row, usdPerCredit);
  return [
    ...Object.values(row.group).map((value) => value ?? ''),
    String(row.scrapes),
    String(row.submissions),
    ...money,
    total === undefined ? '' : decimals(total),
  ];
}

/** One group for programs: as in a record, and the total if it is known. */
export function spendJson(row: SpendRow, usdPerCredit?: number): object {
  const totalMicros = totalOf(row, usdPerCredit);
  const { group, ...sums } = row;
  return { ...group, ...sums, ...(totalMicros !== undefined && { totalUsdMicros: totalMicros }) };
}

/** The groups as people read them, with their sum below; columns in which nothing is are left out. */
export function spendTable(
  by: readonly SpendDimension[],
  rows: readonly SpendRow[],
  usdPerCredit?: number,
): string {
  const all = sumOf(rows);
  const amounts = [
    { head: '$', of: ({ charge }: SpendRow) => dollars(charge) },
    { head: 'credits', of: ({ charge }: SpendRow) => credits(charge) },
    { head: 'possibly $', of: ({ possiblySpent }: SpendRow) => dollars(possiblySpent) },
    { head: 'possibly credits', of: ({ possiblySpent }: SpendRow) => credits(possiblySpent) },
    { head: 'refund $', of: ({ refundExpected }: SpendRow) => dollars(refundExpected) },
    { head: 'refund credits', of: ({ refundExpected }: SpendRow) => credits(refundExpected) },
  ].filter(({ of }) => of(all) !== '-');
  const known = totalOf(all, usdPerCredit) !== undefined;
  const totals = known
    ? [{ head: 'total $', of: (row: SpendRow) => dollars({ usdMicros: totalOf(row, usdPerCredit) }) }]
    : [];
  const numbers = [
    { head: 'scrapes', of: (row: SpendRow) => String(row.scrapes) },
    { head: 'submissions', of: (row: SpendRow) => String(row.submissions) },
    ...amounts,
    ...totals,
  ];
  const line = (names: readonly string[], row: SpendRow): string[] => [
    ...names,
    ...numbers.map(({ of }) => of(row)),
  ];
  const heads = numbers.map(({ head }) => head);
  const lines = rows.map((row) =>
    line(
      by.map((name) => row.group[name] ?? '-'),
      row,
    ),
  );
  const last = by.length === 0 ? [] : [line(['in all', ...by.slice(1).map(() => '')], all)];
  return bareTable([...by, ...heads], [...lines, ...last], heads);
}

/** What was spent and what possibly was, as one amount. */
function totalOf({ charge, possiblySpent }: SpendRow, usdPerCredit?: number): number | undefined {
  return totalUsdMicros(addCharges(charge, possiblySpent), usdPerCredit);
}

function sumOf(rows: readonly SpendRow[]): SpendRow {
  const sum = (of: (row: SpendRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    group: {},
    scrapes: sum(({ scrapes }) => scrapes),
    submissions: sum(({ submissions }) => submissions),
    charge: addCharges(...rows.map(({ charge }) => charge)),
    possiblySpent: addCharges(...rows.map(({ possiblySpent }) => possiblySpent)),
    refundExpected: addCharges(...rows.map(({ refundExpected }) => refundExpected)),
  };
}

function dollars({ usdMicros }: Charge): string {
  return usdMicros ? formatUsd(usdMicros) : '-';
}

function credits({ credits: amount }: Charge): string {
  return amount ? String(amount) : '-';
}

/** Dollars as a spreadsheet adds them up: `0.0012`, never `1.2e-3`. */
function decimals(usdMicros = 0): string {
  return usdMicros === 0 ? '0' : formatUsd(usdMicros).slice(1);
}
