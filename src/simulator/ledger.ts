import { vendorTime } from './clock.ts';
import type { DataForSeoLedger, DataForSeoSummary } from './dataforseo/ledger.ts';
import type { Violation } from './events.ts';
import type { Knobs } from './knobs.ts';
import { refundAtMs, viewJob, type Job, type JobView } from './job.ts';
import type { JobRequest } from './validation.ts';
import type { World } from './world.ts';

/** What one job cost and what became of it. Times are ISO 8601, simulator clock. */
export interface LedgerJob {
  jobId: string;
  key: string;
  kind: 'async' | 'sync';
  scraper: string;
  prompt: string;
  country: string;
  params: Pick<JobRequest, 'bypassCache' | 'webSearch' | 'markdownJson' | 'mode'>;
  createdAt: string;
  /** As a poll sees it now. */
  state: JobView;
  /** How it ended, once it has; expiry does not change it. */
  outcome: 'pending' | 'done' | 'failed';
  attempts: number;
  cached: boolean;
  charged: number;
  refunded: number;
  /** How often its answer was delivered. */
  collected: number;
  /** When the outcome was there to be fetched; null before. */
  firstReadyAt: string | null;
  /** When a poll was first told the outcome. */
  firstDeliveredAt: string | null;
}

interface LedgerTotals {
  jobs: number;
  charged: number;
  refunded: number;
  done: number;
  failed: number;
  pending: number;
  /** Done jobs whose answer was delivered at least once. */
  collected: number;
  /** Valid submits, whatever came of them, and sync calls that ended with 200. */
  submitsSeen: number;
}

/** How many jobs were bought for the same scraper, prompt, country and parameters. */
interface Purchase {
  scraper: string;
  prompt: string;
  country: string;
  params: LedgerJob['params'];
  jobs: number;
  submits: number;
}

/** What a provider's books say, each in its own unit: ScrapeLLM in credits, DataForSEO in micro-USD. */
export interface Ledger extends ScrapeLlmLedger {
  dataforseo: DataForSeoLedger;
}

export interface ScrapeLlmLedger {
  jobs: LedgerJob[];
  totals: LedgerTotals;
  purchases: Purchase[];
  violations: Violation[];
}

/** The simulator in short. Counts of calls and rates are of this run; everything else outlives a restart. */
export interface Summary extends ScrapeLlmSummary {
  dataforseo: DataForSeoSummary;
}

export interface ScrapeLlmSummary {
  now: string;
  offsetMs: number;
  seed: string;
  speed: number;
  balances: Record<string, number>;
  totals: LedgerTotals;
  jobsByState: Record<JobView, number>;
  calls: Record<string, number>;
  submitsInFlight: number;
  submitsInFlightPeak: number;
  submitsPerMinutePeak: number;
  pollsPerMinutePeak: number;
  violations: number;
  scriptedSteps: Record<string, number>;
  knobs: Knobs;
}

/** Reads the authoritative books: what was really bought, whatever clients believe. */
export function readLedger(world: World, prompt?: string): ScrapeLlmLedger {
  const { state } = world;
  const jobs = [...state.jobs.values()].filter(
    (job) => prompt === undefined || job.request.prompt === prompt,
  );
  const ids = new Set(jobs.map((job) => job.jobId));
  const submitsSeen = prompt === undefined ? state.submitsSeen : undefined;
  return {
    jobs: jobs.map((job) => describe(world, job)),
    totals: addUp(world, jobs, submitsSeen ?? sumSubmits(world, jobs)),
    purchases: groupPurchases(world, jobs),
    violations: state.violations.filter((each) => prompt === undefined || ids.has(each.jobId)),
  };
}

export function readSummary(world: World): ScrapeLlmSummary {
  const { state, clock, traffic } = world;
  const nowMs = clock.nowMs();
  const jobs = [...state.jobs.values()];
  const jobsByState: Record<JobView, number> = { pending: 0, done: 0, failed: 0, expired: 0 };
  for (const job of jobs) jobsByState[viewJob(job, nowMs)] += 1;
  return {
    now: vendorTime(nowMs),
    offsetMs: clock.offsetMs,
    seed: state.seed,
    speed: world.speed,
    balances: Object.fromEntries(state.keys().map((key) => [key, state.balance(key, nowMs)])),
    totals: addUp(world, jobs, state.submitsSeen),
    jobsByState,
    calls: traffic.calls,
    submitsInFlight: traffic.submitsInFlight,
    submitsInFlightPeak: traffic.submitsInFlightPeak,
    submitsPerMinutePeak: traffic.submits.peakPerMinute,
    pollsPerMinutePeak: traffic.polls.peakPerMinute,
    violations: state.violations.length,
    scriptedSteps: world.scripts.remaining(),
    knobs: world.knobs,
  };
}

function describe(world: World, job: Job): LedgerJob {
  const nowMs = world.clock.nowMs();
  const { scraper, prompt, country } = job.request;
  const delivery = world.state.deliveries.get(job.jobId);
  return {
    jobId: job.jobId,
    key: job.key,
    kind: job.kind,
    scraper,
    prompt,
    country,
    params: paramsOf(job.request),
    createdAt: vendorTime(job.createdAtMs),
    state: viewJob(job, nowMs),
    outcome: outcomeSoFar(job, nowMs),
    attempts: job.attempts,
    cached: job.cachedAtMs !== undefined,
    charged: job.chargedCredits,
    refunded: refundedCredits(job, nowMs),
    collected: delivery?.collected ?? 0,
    firstReadyAt: job.finishAtMs <= nowMs ? vendorTime(job.finishAtMs) : null,
    firstDeliveredAt: delivery ? vendorTime(delivery.firstDeliveredAtMs) : null,
  };
}

function addUp(world: World, jobs: Job[], submitsSeen: number): LedgerTotals {
  const nowMs = world.clock.nowMs();
  const totals = { jobs: jobs.length, charged: 0, refunded: 0, done: 0, failed: 0, pending: 0, collected: 0 };
  for (const job of jobs) {
    totals.charged += job.chargedCredits;
    totals.refunded += refundedCredits(job, nowMs);
    totals[outcomeSoFar(job, nowMs)] += 1;
    if ((world.state.deliveries.get(job.jobId)?.collected ?? 0) > 0) totals.collected += 1;
  }
  return { ...totals, submitsSeen };
}

function groupPurchases(world: World, jobs: Job[]): Purchase[] {
  const first = new Map(jobs.map((job) => [job.identity, job.request]));
  return [...first].map(([identity, request]) => ({
    scraper: request.scraper,
    prompt: request.prompt,
    country: request.country,
    params: paramsOf(request),
    ...(world.state.purchases.get(identity) ?? { jobs: 0, submits: 0 }),
  }));
}

function paramsOf(request: JobRequest): LedgerJob['params'] {
  const { bypassCache, webSearch, markdownJson, mode } = request;
  return { bypassCache, webSearch, markdownJson, mode };
}

function sumSubmits(world: World, jobs: Job[]): number {
  return groupPurchases(world, jobs).reduce((sum, purchase) => sum + purchase.submits, 0);
}

function outcomeSoFar(job: Job, nowMs: number): 'pending' | 'done' | 'failed' {
  return nowMs < job.finishAtMs ? 'pending' : job.outcome;
}

function refundedCredits(job: Job, nowMs: number): number {
  const atMs = refundAtMs(job);
  return atMs !== undefined && atMs <= nowMs ? job.chargedCredits : 0;
}
