import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { onTestFinished } from 'vitest';
import type { CollectorRun } from '../../src/activities/collect.ts';
import { COLLECT_TIMING } from '../../src/activities/deps.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { submit } from '../../src/activities/submit.ts';
import type { CollectorWishes } from '../../src/contracts/collector.ts';
import type { Receipt } from '../../src/contracts/journal.ts';
import type { ScrapeRef } from '../../src/contracts/scrape.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import type { Account } from '../../src/providers/account.ts';
import { createHttp } from '../../src/providers/http.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import type { DataForSeoKnobs } from '../../src/simulator/dataforseo/knobs.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { SIMULATOR_LOGIN, SIMULATOR_PASSWORD } from '../../src/contracts/simulator-credentials.ts';
import { simulatedDataForSeo } from '../support/accounts.ts';
import { NO_COLLECTOR } from '../support/no-collector.ts';

export const MINUTE_MS = 60_000;

/** Two logins of the provider; the bench uses the first. */
const ACCOUNTS = {
  [SIMULATOR_LOGIN]: { password: SIMULATOR_PASSWORD, usdMicros: 1_000_000_000 },
  'somebody-else': { password: 'secret', usdMicros: 1_000_000_000 },
};

/** Activities over a simulated DataForSEO, without Temporal and in the simulator's time, which waiting moves on. */
export interface DataForSeoBench {
  deps: ActivityDeps;
  store: Store;
  account: Account;
  control: SimulatorControl;
  /** Simulator time, milliseconds since the epoch. */
  now(): number;
  advance(ms: number): Promise<void>;
  /** Buys one task as a scrape of this id. */
  buy(scrapeId: string, scraper?: Scraper): Promise<Receipt>;
  /** The same with an answer that is lost, before or after the provider has taken it. */
  lose(scrapeId: string, fault: 'drop-before' | 'drop-after', scraper?: Scraper): Promise<ScrapeRef>;
  /** A run of a collector's activity; hints come to `hints` with the time at which they came. */
  run(overrides?: Partial<CollectorRun>): CollectorRun;
  hints: Array<{ scrapeId: string; taskId: string; atMs: number }>;
  wishes(scrapers: Scraper[], forMs: number): CollectorWishes;
}

export async function createDataForSeoBench(
  knobs: Partial<DataForSeoKnobs> = {},
  overrides: Partial<ActivityDeps> = {},
): Promise<DataForSeoBench> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-collector-'));
  const simulator = await startSimulator({ seed: 1, dataforseo: { knobs, accounts: ACCOUNTS } });
  const control = simulatorControl(simulator.url);
  const http = createHttp();
  onTestFinished(async () => {
    await http.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const store = await openFileStore(join(folder, 'store'), { simulated: true });
  const account = simulatedDataForSeo(simulator.url, 1);
  const deps = buildDeps({ accounts: [account], simulated: true, taskQueue: 'gleaner' }, store, {
    http,
    collector: NO_COLLECTOR,
    collecting: { ...COLLECT_TIMING, runMs: 5 * MINUTE_MS, lingerMs: 0 },
    ...overrides,
  });
  const now = (): number => simulator.sim.clock.nowMs();
  const advance = async (ms: number): Promise<void> => {
    if (ms > 0) await control.advance(Math.ceil(ms));
  };
  const hints: DataForSeoBench['hints'] = [];
  return {
    deps,
    store,
    account,
    control,
    now,
    advance,
    hints,
    async buy(scrapeId, scraper = 'dataforseo/google-organic') {
      const input = { scraper, prompt: `question of ${scrapeId}` };
      const result = await submit(deps, { ref: toRef(scrapeId, input), input, n: 1 });
      if (result.kind !== 'receipt') throw new Error(`not bought: ${result.kind}`);
      return result.receipt;
    },
    async lose(scrapeId, fault, scraper = 'dataforseo/google-organic') {
      const input = { scraper, prompt: `question of ${scrapeId}` };
      const keyword = input.prompt;
      await control.dataforseo.script({ on: 'call', call: 'task_post', keyword, steps: [{ fault }] });
      const ref = toRef(scrapeId, input);
      const lost: unknown = await submit(deps, { ref, input, n: 1 }).catch((error: unknown) => error);
      if (!(lost instanceof ApplicationFailure) || lost.type !== 'SubmitOutcomeUnknown') throw lost;
      return ref;
    },
    run: (changes = {}) => ({
      attempt: 1,
      now,
      wall: now,
      sleep: advance,
      wishes: async () => undefined,
      isAnybodyWaiting: async () => true,
      resendPosts: async () => 0,
      async hint(scrapeId, taskId) {
        hints.push({ scrapeId, taskId, atMs: now() });
        return true;
      },
      ...changes,
    }),
    wishes: (scrapers, forMs) => ({
      until: Object.fromEntries(scrapers.map((scraper) => [scraper, new Date(now() + forMs).toISOString()])),
      sweeps: [],
      signals: 1,
      lastSignalAt: new Date(now()).toISOString(),
    }),
  };
}
