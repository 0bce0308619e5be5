import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import type { PageRow } from '../../src/activities/page-row.ts';
import type { LedgerTask } from '../../src/simulator/dataforseo/ledger.ts';
import type { CallStep } from '../../src/simulator/dataforseo/faults.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { simulatedDataForSeo } from '../support/accounts.ts';
import { NO_COLLECTOR } from '../support/no-collector.ts';

/** A store and a simulated DataForSEO, for activities without Temporal. */
export interface PageWorld {
  store: Store;
  newDeps(overrides?: Partial<ActivityDeps>): ActivityDeps;
  withJournal(journal: Partial<Store['journal']>): ActivityDeps;
  /** Dies when it reaches the point for the n-th time; a process does nothing more then, so every later step throws too. */
  dyingAt(point: FaultPoint, nth?: number): ActivityDeps;
  /** Scrapes that no other test uses. */
  newRows(howMany: number): PageRow[];
  /** How many purchases the provider was asked for. */
  posts(): Promise<number>;
  /** What the provider really made for a row. */
  tasksOf(row: PageRow): Promise<LedgerTask[]>;
  refuseTask(row: PageRow, code: number): Promise<unknown>;
  scriptPost(step: CallStep): Promise<unknown>;
  close(): Promise<void>;
}

export async function createPageWorld(): Promise<PageWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-page-'));
  const store = await openFileStore(join(folder, 'store'), { simulated: true });
  const simulator = await startSimulator({ seed: 1, dataforseo: { knobs: { durationMs: 100 } } });
  const { dataforseo } = simulatorControl(simulator.url);
  let count = 0;
  const newDeps: PageWorld['newDeps'] = (overrides = {}) => {
    const accounts = [simulatedDataForSeo(simulator.url, 20)];
    const timing = { sendByMs: 1_000, httpTimeoutMs: 3_000, marginMs: 500 };
    return buildDeps({ accounts, simulated: true, taskQueue: 'gleaner' }, store, {
      collector: NO_COLLECTOR,
      timing,
      ...overrides,
    });
  };
  return {
    store,
    newDeps,
    withJournal: (journal) => newDeps({ store: { ...store, journal: { ...store.journal, ...journal } } }),
    dyingAt(point, nth = 1) {
      let reached = 0;
      return newDeps({
        fault: (at) => {
          if (at === point) reached += 1;
          if (reached >= nth) throw new Error('died');
        },
      });
    },
    newRows(howMany) {
      count += 1;
      return Array.from({ length: howMany }, (_, n) => ({
        scrapeId: `scrape/page/${count}-${n}`,
        input: { scraper: 'dataforseo/google-images', prompt: `red kettle ${count}-${n}` },
      }));
    },
    posts: async () => (await dataforseo.calls()).calls.filter(({ call }) => call === 'task_post').length,
    tasksOf: async ({ input }) => (await dataforseo.ledger({ keyword: input.prompt })).tasks,
    refuseTask: ({ input }, code) =>
      dataforseo.script({ on: 'task', keyword: input.prompt, steps: [{ faults: ['rejected'], code }] }),
    scriptPost: (step) => dataforseo.script({ on: 'call', call: 'task_post', steps: [step] }),
    close: async () => {
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
