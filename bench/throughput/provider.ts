import { scrapersOf } from '../../src/contracts/scrapers.ts';
import type { ProviderName, Scraper } from '../../src/contracts/scrapers.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import {
  SIMULATOR_KEY,
  SIMULATOR_LOGIN,
  SIMULATOR_PASSWORD,
} from '../../src/contracts/simulator-credentials.ts';

/** What the bench buys, and what it asks the simulator afterwards. */
export interface BenchProvider {
  name: ProviderName;
  scrapers: readonly Scraper[];
  /** For the plain loop: what it sends as its credential, and how long it waits between looks, in life. */
  key: string;
  pollEveryMs: number;
  /** Before each phase, once the simulator is in its first state. */
  prepare(control: SimulatorControl): Promise<void>;
  /** Calls of this phase: looks and all of them, and from an answer being ready until it was first fetched, milliseconds. */
  calls(control: SimulatorControl): Promise<{ polls: number; all: number; delaysMs: number[] }>;
}

export const BENCH_PROVIDERS: Record<ProviderName, BenchProvider> = {
  scrapellm: {
    name: 'scrapellm',
    scrapers: scrapersOf('scrapellm'),
    key: SIMULATOR_KEY,
    // The vendor's sample loop polls every 3 s: docs.scrapellm.com/guides/async-jobs
    pollEveryMs: 3_000,
    prepare: async () => {},
    async calls(control) {
      const { calls } = await control.state();
      const { jobs } = await control.ledger();
      return {
        polls: sum(calls, 'GET /jobs'),
        all: sum(calls, ''),
        delaysMs: jobs.flatMap((job) => delay(job.firstReadyAt, job.firstDeliveredAt)),
      };
    },
  },
  dataforseo: {
    name: 'dataforseo',
    scrapers: ['dataforseo/google-images'],
    key: Buffer.from(`${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`).toString('base64'),
    // The vendor gives no sample loop for one task, and says 5 to 10 minutes for lists: one that is five times as eager.
    pollEveryMs: 60_000,
    prepare: async (control) => {
      await control.dataforseo.setKnobs({ limits: NO_LIMITS });
    },
    async calls({ dataforseo }) {
      const { calls } = await dataforseo.calls();
      const { tasks } = await dataforseo.ledger();
      return {
        polls: calls.filter(({ call }) => call === 'task_get').length,
        all: calls.length,
        delaysMs: tasks.flatMap((task) => delay(task.readyAt, task.firstCollectedAt)),
      };
    },
  },
};

/** The bench is about what the machine can do. */
const NO_LIMITS = {
  total: null,
  lists: null,
  idList: null,
  errors: null,
  userData: null,
  status: null,
  aiInFlight: null,
};

function sum(calls: Record<string, number>, prefix: string): number {
  return Object.entries(calls).reduce(
    (total, [route, count]) => total + (route.startsWith(prefix) ? count : 0),
    0,
  );
}

function delay(ready: string | null | undefined, fetched: string | null | undefined): number[] {
  return ready && fetched ? [Date.parse(fetched) - Date.parse(ready)] : [];
}
