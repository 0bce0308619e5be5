/**
 * How often and how late each schedule looks at the same job times: the vendor's own loop (every 3 s from the submit)
 * and ours (the adapter's real plan, the workflow's real schedule). Pure arithmetic; no server, no network. It does not
 * measure what a look itself costs.
 *
 *   npx tsx bench/poll-schedule.ts [--jobs 200000] [--seed 1] [--scraper scrapellm/perplexity] [--json]
 */
import { parseArgs } from 'node:util';
import type { PollPlan } from '../src/contracts/poll-plan.ts';
import { parseScraper } from '../src/contracts/scrapers.ts';
import { providerOf } from '../src/providers/registry.ts';
import { nextDelayMs } from '../src/contracts/poll-schedule.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

/** Attempt log-normal, queue exponential: the same assumptions as the simulator and the priors in engines.ts. */
const ATTEMPT_MEDIAN_MS = 12_000;
const ATTEMPT_P95_MS = 32_000;
const QUEUE_MEAN_MS = 5_000;
const VENDOR_LOOP_MS = 3_000;

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      jobs: { type: 'string', default: '200000' },
      seed: { type: 'string', default: '1' },
      scraper: { type: 'string', default: 'scrapellm/perplexity' },
      json: { type: 'boolean', default: false },
    },
  }),
);
const parsed = parseScraper(values.scraper);
if (!parsed.ok) throw new Error(parsed.message);
const plan = providerOf(parsed.scraper).pollPlan(
  { scraper: parsed.scraper, prompt: 'bench', market: 'US/en', params: {} },
  1,
);
const jobs = drawJobs(Number(values.jobs), Number(values.seed));
const vendor = watch(jobs, () => VENDOR_LOOP_MS);
const ours = watch(jobs, (ageMs) => nextDelayMs(plan, ageMs));
const pollRatio = ours.pollsPerJob / vendor.pollsPerJob;
const extraDelayMs = ours.meanDelayMs - vendor.meanDelayMs;
const good = pollRatio <= 0.76 && extraDelayMs <= 100;
if (values.json) print({ ...conditions(plan), vendor, ours, pollRatio, extraDelayMs, good });
else printTable(plan);
process.exitCode = good ? 0 : 1;

interface Watched {
  pollsPerJob: number;
  meanDelayMs: number;
  p95DelayMs: number;
}

/** Looks at every job until it is ready; the delay is from ready to noticed. */
function watch(readyAges: Float64Array, delayAt: (ageMs: number) => number): Watched {
  const delays = new Float64Array(readyAges.length);
  let polls = 0;
  readyAges.forEach((readyMs, i) => {
    let ageMs = 0;
    do {
      ageMs += delayAt(ageMs);
      polls++;
    } while (ageMs < readyMs);
    delays[i] = ageMs - readyMs;
  });
  const meanDelayMs = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  return { pollsPerJob: polls / delays.length, meanDelayMs, p95DelayMs: quantile(delays.sort(), 0.95) };
}

/** Ages at which jobs are ready. */
function drawJobs(count: number, seed: number): Float64Array {
  const random = mulberry32(seed);
  // 1.645 standard deviations above the median is the 95th percentile.
  const sigma = Math.log(ATTEMPT_P95_MS / ATTEMPT_MEDIAN_MS) / 1.6449;
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const queue = () => -QUEUE_MEAN_MS * Math.log(1 - random());
  return Float64Array.from({ length: count }, () => ATTEMPT_MEDIAN_MS * Math.exp(sigma * normal()) + queue());
}

/** A small seeded generator, so that two runs see the same jobs. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
}

function conditions(plan: PollPlan): Record<string, unknown> {
  const sorted = jobs.slice().sort();
  const [p20Ms, p50Ms, p99Ms] = [0.2, 0.5, 0.99].map((share) => Math.round(quantile(sorted, share)));
  return {
    scraper: values.scraper,
    attempt: `log-normal, median ${ATTEMPT_MEDIAN_MS} ms, 95 % ${ATTEMPT_P95_MS} ms`,
    queue: `exponential, mean ${QUEUE_MEAN_MS} ms`,
    jobs: jobs.length,
    seed: values.seed,
    readyAges: { p20Ms, p50Ms, p99Ms },
    plan,
  };
}

function printTable(plan: PollPlan): void {
  for (const [name, value] of Object.entries(conditions(plan))) {
    console.log(`${name.padEnd(10)} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  console.log('\nschedule              polls/job   mean delay    p95 delay');
  printRow(`every ${VENDOR_LOOP_MS} ms`, vendor);
  printRow('ours', ours);
  console.log(
    `\nours needs ${pollRatio.toFixed(3)} times the polls (bar: at most 0.76) and notices ` +
      `${(extraDelayMs / 1000).toFixed(3)} s later in the mean (bar: at most 0.1 s): ${good ? 'good' : 'MISSED'}`,
  );
}

function printRow(name: string, row: Watched): void {
  console.log(
    `${name.padEnd(18)} ${row.pollsPerJob.toFixed(2).padStart(12)} ${seconds(row.meanDelayMs)} ${seconds(row.p95DelayMs)}`,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`.padStart(12);
}

function print(report: unknown): void {
  console.log(JSON.stringify(report, null, 2));
}
