import type { Store } from '../store/store.ts';
import { queryRecords } from './query-records.ts';
import { SPEND_COLUMNS, spendQuery, toSpendRow } from './spend-query.ts';
import type { SpendQuestion, SpendRow } from './spend-query.ts';

/** What the scrapes of a store cost, by their records; reads one file a scrape. */
export async function readSpend(
  { location }: Pick<Store, 'location'>,
  question: SpendQuestion,
): Promise<SpendRow[]> {
  const rows = await queryRecords(location, SPEND_COLUMNS, spendQuery(question));
  return rows.map((row) => toSpendRow(question.by, row));
}
