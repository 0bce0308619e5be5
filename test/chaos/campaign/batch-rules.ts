import type { FiledBatch, FiledRecord } from './evidence.ts';
import { UNITS } from './money-rules.ts';
import type { Breach } from './rules.ts';

const SUMS = ['charge', 'possiblySpent', 'refundExpected'] as const;

/**
 * Whether a batch's record adds up to those of its scrapes. `aside`: ids of scrapes that somebody ended or started past their
 * batch, of which it knows how they stood when it ended, and nothing of what came later.
 */
export function judgeBatch(
  batch: FiledBatch,
  records: readonly FiledRecord[],
  aside: ReadonlySet<string>,
): Breach[] {
  const breaches: Breach[] = [];
  const add = (text: string): void => void breaches.push({ rule: 'batch differs', text });
  const { open = 0, ...counts } = batch.counts;
  const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (batch.total !== records.length)
    add(`its record has ${batch.total} scrapes, there are ${records.length}`);
  if (counted + open !== batch.total)
    add(`its counts make ${counted + open}, its record has ${batch.total} scrapes`);
  if (open !== 0) add(`it has ended, and ${open} scrapes are open`);
  const own = records.filter(({ scrapeId }) => !aside.has(scrapeId));
  const compare = (name: string, said: number, is: number): void => {
    if (own.length === records.length ? said !== is : said < is)
      add(`its record says ${said} ${name}, those of its scrapes ${is}`);
  };
  const outcomes = new Set([...Object.keys(counts), ...own.map(({ outcome }) => outcome)]);
  for (const outcome of outcomes)
    compare(outcome, counts[outcome] ?? 0, own.filter((each) => each.outcome === outcome).length);
  for (const sum of SUMS)
    for (const unit of UNITS)
      compare(
        `${unit} as ${sum}`,
        batch[sum][unit] ?? 0,
        own.reduce((total, record) => total + (record[sum][unit] ?? 0), 0),
      );
  return breaches;
}
