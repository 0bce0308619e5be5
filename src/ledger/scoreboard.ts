import type { Charge } from '../contracts/money.ts';
import type { Store } from '../store/store.ts';
import { queryRecords } from './query-records.ts';

/** How a scraper did, by our own records. */
export interface ScraperScore {
  scraper: string;
  /** Scrapes that were bought, or possibly bought, and have ended; `cancelled` and `refused` ones say nothing. */
  n: number;
  /** The share of them that brought an answer (`done` or `empty`), 0 to 1. */
  success: number;
  /** From the purchase that brought it to the result, milliseconds, on the provider's clock; null without a result. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** What all of them cost, divided by the results: credits with fractions and micro-dollars; null without a result. */
  costPerResult: Charge | null;
}

const COLUMNS = {
  scraper: 'VARCHAR',
  outcome: 'VARCHAR',
  submissions: 'BIGINT',
  submittedAt: 'TIMESTAMPTZ',
  readyAt: 'TIMESTAMPTZ',
  collectedAt: 'TIMESTAMPTZ',
  charge: 'STRUCT(credits BIGINT, usdMicros BIGINT)',
  possiblySpent: 'STRUCT(credits BIGINT, usdMicros BIGINT)',
};

/** A time before the purchase is one of clocks that differ. */
const SCORES = `
  SELECT scraper, count(*)::DOUBLE AS n, (count(*) FILTER (success))::DOUBLE AS results,
    (quantile_cont(ms, 0.5) FILTER (success))::DOUBLE AS p50, (quantile_cont(ms, 0.95) FILTER (success))::DOUBLE AS p95,
    sum(coalesce(charge.credits, 0) + coalesce(possiblySpent.credits, 0))::DOUBLE AS credits,
    sum(coalesce(charge.usdMicros, 0) + coalesce(possiblySpent.usdMicros, 0))::DOUBLE AS usdMicros
  FROM (
    SELECT *, outcome IN ('done', 'empty') AS success,
      greatest(0, epoch_ms(coalesce(readyAt, collectedAt)) - epoch_ms(submittedAt)) AS ms
    FROM records WHERE submissions > 0 AND outcome NOT IN ('cancelled', 'refused')
  )
  GROUP BY scraper ORDER BY scraper`;

/** Every scraper that this store has bought something of. */
export async function readScores({ location }: Pick<Store, 'location'>): Promise<ScraperScore[]> {
  const rows = await queryRecords(location, COLUMNS, { sql: SCORES, values: [] });
  return rows.map((row) => {
    const [n, results] = [Number(row['n']), Number(row['results'])];
    return {
      scraper: String(row['scraper']),
      n,
      success: results / n,
      p50Ms: results === 0 ? null : Math.round(Number(row['p50'])),
      p95Ms: results === 0 ? null : Math.round(Number(row['p95'])),
      costPerResult: results === 0 ? null : costOf(row, results),
    };
  });
}

function costOf(row: Record<string, unknown>, results: number): Charge {
  const [credits, usdMicros] = [Number(row['credits']) / results, Number(row['usdMicros']) / results];
  return { ...(credits > 0 && { credits }), ...(usdMicros > 0 && { usdMicros: Math.round(usdMicros) }) };
}
