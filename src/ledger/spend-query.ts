import type { Charge } from '../contracts/money.ts';

/** What spend can be grouped and filtered by, each with where it is in a record. */
const DIMENSIONS = {
  provider: "split_part(scraper, '/', 1)",
  account: 'account',
  scraper: 'scraper',
  batch: 'batchId',
  label: 'label',
  outcome: 'outcome',
  // UTC. A scrape of which nothing was begun has no day, and no money.
  day: 'left(coalesce(submittedAt, begunAt), 10)',
} as const;
export type SpendDimension = keyof typeof DIMENSIONS;
export const SPEND_DIMENSIONS = Object.keys(DIMENSIONS) as SpendDimension[]; // the literal's own keys

export interface SpendQuestion {
  /** In this order; none: one sum over everything. */
  by: readonly SpendDimension[];
  /** Only records that have one of these values. */
  only?: Partial<Record<Exclude<SpendDimension, 'day'>, readonly string[]>>;
  /** First and last day, both included, such as `2026-11-23`; UTC. */
  since?: string;
  until?: string;
}

/** One group; the money is that of its scrapes over all their submissions. */
export interface SpendRow {
  /** In the order that was asked for; null where its scrapes have no such thing. */
  group: Partial<Record<SpendDimension, string | null>>;
  scrapes: number;
  /** How often they were bought or possibly bought. */
  submissions: number;
  charge: Charge;
  possiblySpent: Charge;
  refundExpected: Charge;
}

/** A statement with the values of its parameters, in order. */
export interface Query {
  sql: string;
  values: string[];
}

/** The columns that `spendQuery` reads of a record. */
export const SPEND_COLUMNS = {
  scraper: 'VARCHAR',
  account: 'VARCHAR',
  batchId: 'VARCHAR',
  label: 'VARCHAR',
  outcome: 'VARCHAR',
  submittedAt: 'VARCHAR',
  begunAt: 'VARCHAR',
  submissions: 'BIGINT',
  charge: 'STRUCT(credits BIGINT, usdMicros BIGINT)',
  possiblySpent: 'STRUCT(credits BIGINT, usdMicros BIGINT)',
  refundExpected: 'STRUCT(credits BIGINT, usdMicros BIGINT)',
} as const;

const MONEY = ['charge', 'possiblySpent', 'refundExpected'] as const;

/** Sums the table `records`; what people typed is in the values only. */
export function spendQuery({ by, only = {}, since, until }: SpendQuestion): Query {
  const values: string[] = [];
  const place = (value: string): string => `$${values.push(value)}`;
  const conditions = [
    ...SPEND_DIMENSIONS.flatMap((name) => {
      const wanted = name === 'day' ? undefined : only[name];
      return wanted ? [`${DIMENSIONS[name]} IN (${wanted.map(place).join(', ')})`] : [];
    }),
    ...(since === undefined ? [] : [`${DIMENSIONS.day} >= ${place(since)}`]),
    ...(until === undefined ? [] : [`${DIMENSIONS.day} <= ${place(until)}`]),
  ];
  const groups = by.map((name) => `${DIMENSIONS[name]} AS "by_${name}"`);
  const sums = [
    'count(*)::DOUBLE AS scrapes',
    sum('submissions', 'submissions'),
    ...MONEY.flatMap((money) => [
      sum(`${money}.credits`, `${money}_credits`),
      sum(`${money}.usdMicros`, `${money}_usdMicros`),
    ]),
  ];
  const places = by.map((_, index) => index + 1).join(', ');
  const sql = [
    `SELECT ${[...groups, ...sums].join(', ')}`,
    'FROM records',
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
    ...(by.length > 0 ? [`GROUP BY ${places}`, `ORDER BY ${places}`] : []),
  ].join(' ');
  return { sql, values };
}

/** Whole numbers up to 2^53 pass through a double unchanged, and JavaScript has no other. */
function sum(what: string, name: string): string {
  return `coalesce(sum(${what}), 0)::DOUBLE AS "${name}"`;
}

/** One row of the answer to `spendQuery`. */
export function toSpendRow(by: readonly SpendDimension[], row: Record<string, unknown>): SpendRow {
  const charge = (money: (typeof MONEY)[number]): Charge => {
    const credits = Number(row[`${money}_credits`]);
    const usdMicros = Number(row[`${money}_usdMicros`]);
    return { ...(credits > 0 && { credits }), ...(usdMicros > 0 && { usdMicros }) };
  };
  const group = by.map((name) => {
    const value = row[`by_${name}`];
    return [name, typeof value === 'string' ? value : null];
  });
  return {
    group: Object.fromEntries(group) as SpendRow['group'], // its keys are those of `by`
    scrapes: Number(row['scrapes']),
    submissions: Number(row['submissions']),
    charge: charge('charge'),
    possiblySpent: charge('possiblySpent'),
    refundExpected: charge('refundExpected'),
  };
}
