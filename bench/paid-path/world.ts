import { join } from 'node:path';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import type { SearchWindow } from '../../src/contracts/collector.ts';
import { SIMULATOR_LOGIN, SIMULATOR_PASSWORD } from '../../src/contracts/simulator-credentials.ts';
import type { Account } from '../../src/providers/account.ts';
import { createHttp } from '../../src/providers/http.ts';
import type { DataForSeoKnobs } from '../../src/simulator/dataforseo/knobs.ts';
import { randomStream, type Random } from '../../src/simulator/random.ts';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { installVirtualTime, type VirtualTime } from './virtual-time.ts';

/** The activities of the paid path without Temporal, over a real store and the simulator over HTTP, in virtual time. */
export interface World {
  time: VirtualTime;
  random: Random;
  simulator: Simulator;
  store: Store;
  account: Account;
  /** Windows that somebody wants searched. */
  wanted: SearchWindow[];
  kills: Map<FaultPoint, number>;
  /** Runs one attempt of an activity; undefined if its worker was killed on the way. */
  attempt<T>(run: (deps: ActivityDeps) => Promise<T>): Promise<T | undefined>;
  close(): Promise<void>;
}

export interface WorldOptions {
  folder: string;
  seed: string;
  /** Chance that a worker is killed at each step that it comes to. */
  killRate: number;
  knobs: Partial<DataForSeoKnobs>;
  /** Calls and steps take no time; only waits do. */
  timeStandsStill?: boolean;
  overrides?: (store: Store, account: Account) => Partial<ActivityDeps>;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const { folder, seed, killRate, knobs } = options;
  const time = installVirtualTime(options.timeStandsStill);
  const simulator = await startSimulator({ seed, dataforseo: { knobs, accounts: ACCOUNTS } });
  const store = await openFileStore(join(folder, 'store'), { simulated: true });
  const account: Account = {
    provider: 'dataforseo',
    name: 'simulator',
    baseUrl: simulator.url,
    secret: `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`,
    simulated: true,
    timeScale: 1,
  };
  const http = createHttp();
  const random = randomStream('world', seed);
  const wanted: SearchWindow[] = [];
  const kills: World['kills'] = new Map();
  const collector = {
    want: async () => {},
    wantSweep: async (_provider: string, _account: string, window: SearchWindow) => void wanted.push(window),
  };
  return {
    time,
    random,
    simulator,
    store,
    account,
    wanted,
    kills,
    async attempt(run) {
      const death = new Death();
      const deps = buildDeps({ accounts: [account], simulated: true, taskQueue: 'gleaner' }, store, {
        http,
        collector,
        ...options.overrides?.(store, account),
        fault: (point) => {
          if (!death.isDead && random.chance(killRate)) {
            kills.set(point, (kills.get(point) ?? 0) + 1);
            death.come();
          }
          // A dead process does nothing more; what it had begun goes on at the provider.
          return death.isDead ? new Promise<never>(() => {}) : undefined;
        },
      });
      return Promise.race([run(deps), death.came]);
    },
    async close() {
      await http.close();
      await simulator.close();
    },
  };
}

/** Enough for everything that the benches buy. */
const ACCOUNTS = { [SIMULATOR_LOGIN]: { password: SIMULATOR_PASSWORD, usdMicros: 10_000_000_000 } };

class Death {
  isDead = false;
  readonly came: Promise<undefined>;
  #resolve: () => void = () => {};

  constructor() {
    this.came = new Promise((resolve) => (this.#resolve = () => resolve(undefined)));
  }

  come(): void {
    this.isDead = true;
    this.#resolve();
  }
}
