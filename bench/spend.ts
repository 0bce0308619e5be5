/**
 * `gleaner spend` over many records against a bare sum by DuckDB over the same files, in one run. The records are written
 * as the store lays them out, without its fsyncs. Exits with 1 if the sums differ or spend takes over three times as long.
 * What the figures mean: docs/benchmarks.md.
 *
 *   npx tsx bench/spend.ts [--records 1000000] [--rounds 2] [--folder EMPTY_FOLDER] [--json]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ScrapeRecord } from '../src/contracts/scrape.ts';
import { SCRAPERS } from '../src/contracts/scrapers.ts';
import { queryRecords } from '../src/ledger/query-records.ts';
import { readSpend } from '../src/ledger/spend-report.ts';
import { scrapeFolder } from '../src/store/hashes.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

const MAX_RATIO = 3;
const AT_ONCE = 200;
const BARE_COLUMNS = { charge: 'STRUCT(credits BIGINT, usdMicros BIGINT)' };
const BARE_SUM = 'SELECT sum(charge.credits)::DOUBLE AS c, sum(charge.usdMicros)::DOUBLE AS u FROM records';

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      records: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '2' },
      folder: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  }),
);
const [records, rounds] = [Number(values.records), Number(values.rounds)];
const location = await mkdtemp(join(values.folder ?? tmpdir(), 'gleaner-spend-'));
try {
  const expected = await makeRecords(records);
  const bare: number[] = [];
  const spend: number[] = [];
  let agree = true;
  for (let round = 0; round < rounds; round++) {
    const sum = await timed(bare, () => queryRecords(location, BARE_COLUMNS, { sql: BARE_SUM, values: [] }));
    const rows = await timed(spend, () => readSpend({ location }, { by: ['scraper', 'day'] }));
    const credits = rows.reduce((total, { charge }) => total + (charge.credits ?? 0), 0);
    const usdMicros = rows.reduce((total, { charge }) => total + (charge.usdMicros ?? 0), 0);
    const scrapes = rows.reduce((total, row) => total + row.scrapes, 0);
    agree &&= scrapes === records && credits === expected.credits && usdMicros === expected.usdMicros;
    agree &&= sum[0]?.['c'] === credits && sum[0]['u'] === usdMicros;
  }
  const ratio = Math.min(...spend) / Math.min(...bare);
  const report = { records, bareSeconds: bare, spendSeconds: spend, ratio, agree };
  console.log(values.json ? JSON.stringify(report) : describe(report));
  process.exitCode = agree && ratio <= MAX_RATIO ? 0 : 1;
} finally {
  await rm(location, { recursive: true, force: true });
}

/** Writes the records and returns what they add up to. */
async function makeRecords(count: number): Promise<{ credits: number; usdMicros: number }> {
  const sums = { credits: 0, usdMicros: 0 };
  const made = new Set<string>();
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => recordOf(first + i));
    await Promise.all(
      some.map(async (record) => {
        sums.credits += record.charge.credits ?? 0;
        sums.usdMicros += record.charge.usdMicros ?? 0;
        const path = join(location, 'records', `${scrapeFolder(record.scrapeId)}.json`);
        const folder = dirname(path);
        if (!made.has(folder)) await mkdir(folder, { recursive: true });
        made.add(folder);
        await writeFile(path, `${JSON.stringify(record)}\n`);
      }),
    );
    if (first % 100_000 === 0) console.error(`${first} of ${count} records`);
  }
  return sums;
}

/** As records are: of 60 days, all scrapers, a few batches and labels, one in twenty without a result. */
function recordOf(index: number): ScrapeRecord {
  const scraper = SCRAPERS[index % SCRAPERS.length] ?? 'scrapellm/chatgpt';
  const batchId = `batch/b${index % 40}`;
  const scrapeId = `${batchId}/${index}/${scraper}/1`;
  const at = new Date(
    Date.UTC(2026, 8, 1) + (index % 60) * 86_400_000 + (index % 80_000) * 1_000,
  ).toISOString();
  const isPaidInDollars = scraper.startsWith('dataforseo/');
  return {
    scrapeId,
    scraper,
    market: 'US/en',
    account: index % 3 === 0 ? 'agency' : 'default',
    ...(index % 2 === 0 && { label: `label ${index % 7}` }),
    batchId,
    item: String(index),
    sample: 1,
    outcome: index % 20 === 0 ? 'failed' : 'done',
    submissions: 1,
    charge: isPaidInDollars ? { usdMicros: 1_200 } : { credits: 3 },
    possiblySpent: {},
    refundExpected: {},
    begunAt: at,
    submittedAt: at,
    readyAt: at,
    collectedAt: at,
    result: {
      path: `results/${scrapeFolder(scrapeId)}/1-f94ed75f.raw.gz`,
      bytes: 2_499,
      sha256: '4361232f0c1a559a145d0fa0274b4273384ed4b48f2068422ea9fd31db3bae8f',
      normalized: true,
    },
    simulated: true,
  };
}

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const begunAt = performance.now();
  const result = await work();
  times.push((performance.now() - begunAt) / 1_000);
  console.error(`${times.at(-1)?.toFixed(1)} s`);
  return result;
}

function describe(report: {
  records: number;
  bareSeconds: number[];
  spendSeconds: number[];
  ratio: number;
  agree: boolean;
}): string {
  return [
    `${report.records} records, one file each`,
    `bare sum by DuckDB: ${seconds(report.bareSeconds)}`,
    `gleaner spend --by scraper,day: ${seconds(report.spendSeconds)}`,
    `${report.ratio.toFixed(2)} times the bare sum (at most ${MAX_RATIO}); the sums ${report.agree ? 'agree' : 'DIFFER'}`,
  ].join('\n');
}

function seconds(times: number[]): string {
  return times.map((time) => `${time.toFixed(1)} s`).join(', ');
}
