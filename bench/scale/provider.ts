import { scrapersOf } from '../../src/contracts/scrapers.ts';
import type { ProviderName, Scraper } from '../../src/contracts/scrapers.ts';
import type { Charge } from '../../src/contracts/money.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import type { LedgerTask } from '../../src/simulator/dataforseo/ledger.ts';
import type { LedgerJob } from '../../src/simulator/ledger.ts';
import type { ScaleOptions } from './options.ts';

/** One purchase in the provider's books; money is credits or micro-USD. */
export type Job = Pick<
  LedgerJob,
  | 'jobId'
  | 'scraper'
  | 'prompt'
  | 'createdAt'
  | 'outcome'
  | 'collected'
  | 'firstReadyAt'
  | 'charged'
  | 'refunded'
> & {
  /** Has a refund due that never comes; part of what a record may expect. */
  withheld?: number;
};

/** Calls as the simulator counted them. */
export interface Calls {
  /** By their names. */
  counts: Record<string, number>;
  /** Calls of the simulator to us that were taken, and those that failed: they are made again, or the task is listed. */
  inbound: number;
  inboundFailed: number;
  violations: Record<string, number>;
  peaksPerMinute: Record<string, number>;
}

/** A provider at scale: what is bought there, and what its simulator says of it. */
export interface ScaleProvider {
  name: ProviderName;
  scrapers: readonly Scraper[];
  /** Whether a purchase whose answer was lost can be looked up; else it stays unknown. */
  searched: boolean;
  /** Limits are lifted unless the provider has documented ones that the run is about. */
  keepsLimits: boolean;
  prepare(control: SimulatorControl, options: ScaleOptions): Promise<void>;
  jobs(control: SimulatorControl): Promise<Job[]>;
  calls(control: SimulatorControl): Promise<Calls>;
  amountOf: (charge: Charge | undefined) => number;
  unit: string;
  /** How the ledger names a scraper. */
  keyOf: (scraper: Scraper) => string;
  /** The purchase that a stored answer is of. */
  jobIdOf(body: unknown): string | undefined;
}

export const SCALE_PROVIDERS: Record<ProviderName, ScaleProvider> = {
  scrapellm: {
    name: 'scrapellm',
    scrapers: scrapersOf('scrapellm'),
    searched: false,
    keepsLimits: false,
    async prepare(control, { submitMs }) {
      if (submitMs > 0) await control.setKnobs({ submitFaults: { slow: 1 }, slowSubmitMs: submitMs });
    },
    jobs: async (control) => (await control.ledger()).jobs,
    async calls(control) {
      const { calls, submitsPerMinutePeak, pollsPerMinutePeak } = await control.state();
      const peaksPerMinute = { submits: submitsPerMinutePeak, polls: pollsPerMinutePeak };
      return { counts: calls, inbound: 0, inboundFailed: 0, violations: {}, peaksPerMinute };
    },
    amountOf: (charge) => charge?.credits ?? 0,
    unit: 'credits',
    keyOf: engineOf,
    jobIdOf: (body) => (body as { job_id?: string }).job_id, // undefined in any other object
  },
  dataforseo: {
    name: 'dataforseo',
    scrapers: ['dataforseo/google-images'],
    searched: true,
    keepsLimits: true,
    async prepare(control, { submitMs, limitShare }) {
      await control.dataforseo.setKnobs({
        ...(submitMs > 0 && { postFaults: { slow: 1 }, slowMs: submitMs }),
        ...(limitShare < 1 && { limits: { ...DOCUMENTED_LIMITS, total: totalAt(limitShare) } }),
      });
    },
    jobs: async (control) => (await control.dataforseo.ledger()).tasks.map(toJob),
    async calls(control) {
      const { calls, limitViolations, peaksPerMinute } = await control.dataforseo.state();
      const { tasks } = await control.dataforseo.ledger();
      const [sent, inboundFailed] = tasks.reduce(
        (sums, { callbacks }) => [sums[0] + callbacks.sent, sums[1] + callbacks.failed],
        [0, 0],
      );
      const inbound = sent - inboundFailed;
      return { counts: calls, inbound, inboundFailed, violations: limitViolations, peaksPerMinute };
    },
    amountOf: (charge) => charge?.usdMicros ?? 0,
    unit: 'micro-USD',
    keyOf: engineOf,
    jobIdOf: (body) => (body as { tasks?: Array<{ id?: string }> }).tasks?.[0]?.id, // as above
  },
};

/** docs.dataforseo.com/v3/appendix/user_data and the help center's "rate limits"; the simulator's defaults. */
const DOCUMENTED_LIMITS = {
  total: 2_000,
  lists: 20,
  idList: 10,
  errors: 10,
  userData: 6,
  status: 10,
  aiInFlight: 30,
};

/** All that our queues pass in a minute at a share of their rates, and one list of 18 calls and one of 8 beside them. */
function totalAt(share: number): number {
  return Math.ceil(61 * 28 * share) + 2 + 18 + 8;
}

function toJob(task: LedgerTask): Job {
  const { sent, failed } = task.callbacks;
  return {
    jobId: task.id,
    scraper: task.family,
    prompt: task.keyword,
    createdAt: task.postedAt,
    outcome: task.readyAt === null ? 'pending' : hasFailed(task) ? 'failed' : 'done',
    // Posted and taken is as good as fetched.
    collected: (task.firstCollectedAt === null ? 0 : 1) + (sent - failed),
    firstReadyAt: task.readyAt,
    charged: task.chargedMicros,
    refunded: task.refundedMicros,
    withheld: task.refundWithheldMicros,
  };
}

/** An engine or an execution that failed; "no results" (40102) is an answer. */
function hasFailed({ code }: LedgerTask): boolean {
  return code === 40_101 || code === 40_103;
}

/** As both vendors spell most of them. */
function engineOf(scraper: Scraper): string {
  return (scraper.split('/')[1] ?? '').replaceAll('-', '_');
}
