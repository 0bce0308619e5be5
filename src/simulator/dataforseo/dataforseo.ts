import { randomBytes } from 'node:crypto';
import type { SimulatorClock } from '../clock.ts';
import type { Desk } from './desk.ts';
import type { DataForSeoEvent, ForeignPost } from './events.ts';
import type { Variant } from './families.ts';
import { resultOf } from './get-task.ts';
import type { DataForSeoKnobs } from './knobs.ts';
import { DEFAULT_DATAFORSEO_KNOBS } from './knobs.ts';
import {
  readLedger,
  readSummary,
  type DataForSeoLedger,
  type DataForSeoSummary,
  type LedgerFilter,
} from './ledger.ts';
import { Scripts } from './scripts.ts';
import { DataForSeoState } from './state.ts';
import { isDone } from './task.ts';
import { VendorTraffic } from './vendor-traffic.ts';
import { SIMULATOR_LOGIN, SIMULATOR_PASSWORD } from '../../contracts/simulator-credentials.ts';

/** What the simulated account starts with, micro-USD: 1,000 USD. */
const START_MICROS = 1_000_000_000;

export interface DataForSeoOptions {
  /** Accounts by login; replaces the default, `simulator` with 1,000 USD. */
  accounts?: Record<string, { password: string; usdMicros: number }>;
  knobs?: Partial<DataForSeoKnobs>;
}

interface Surroundings extends DataForSeoOptions {
  clock: SimulatorClock;
  speed: number;
  /** Writes an event down and has it applied. */
  record: (event: DataForSeoEvent) => void;
}

/** The simulated DataForSEO without HTTP and without timers. */
export class DataForSeo implements Desk {
  seed = '';
  readonly clock: SimulatorClock;
  readonly speed: number;
  readonly scripts = new Scripts();
  state = new DataForSeoState();
  traffic = new VendorTraffic();
  knobs: DataForSeoKnobs;
  readonly accounts: NonNullable<DataForSeoOptions['accounts']>;
  readonly #surroundings: Surroundings;
  readonly #listeners = new Set<(event: DataForSeoEvent) => void>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.clock = surroundings.clock;
    this.speed = surroundings.speed;
    this.knobs = { ...DEFAULT_DATAFORSEO_KNOBS, ...surroundings.knobs };
    this.accounts = surroundings.accounts ?? {
      [SIMULATOR_LOGIN]: { password: SIMULATOR_PASSWORD, usdMicros: START_MICROS },
    };
  }

  record(event: DataForSeoEvent): void {
    this.#surroundings.record(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** Only for what is written down already. */
  apply(event: DataForSeoEvent): void {
    this.state.apply(event);
  }

  /** Calls back after each event of this run; returns how to stop that. */
  onEvent(listener: (event: DataForSeoEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Funds the accounts that have no books yet. */
  openAccounts(): void {
    for (const [login, { usdMicros }] of Object.entries(this.accounts)) {
      if (!this.state.wallets.knows(login)) this.fund(login, usdMicros);
    }
  }

  /** Forgets everything, with the knobs that it was started with. */
  restart(seed: string): void {
    this.seed = seed;
    this.state = new DataForSeoState();
    this.traffic = new VendorTraffic();
    this.scripts.clear();
    this.knobs = { ...DEFAULT_DATAFORSEO_KNOBS, ...this.#surroundings.knobs };
  }

  /** Adds micro-USD to an account; returns its balance. */
  fund(login: string, micros: number): number {
    this.record({ type: 'funded', login, micros });
    return this.state.wallets.balance(login, this.clock.nowMs());
  }

  setKnobs(patch: Partial<DataForSeoKnobs>): DataForSeoKnobs {
    this.knobs = { ...this.knobs, ...patch };
    return this.knobs;
  }

  /** Ends pending tasks now, the way they were going to end: one, those of a tag, or all; returns their ids. */
  ready(which: { id?: string | undefined; tag?: string | undefined } = {}): string[] {
    const atMs = this.clock.nowMs();
    const ids = [...this.state.tasks.values()]
      .filter((task) => which.id === undefined || task.id === which.id)
      .filter((task) => which.tag === undefined || task.tag === which.tag)
      .filter((task) => task.doneAtMs !== null && !isDone(task, atMs))
      .map((task) => task.id);
    if (ids.length > 0) this.record({ type: 'finished', ids, atMs });
    return ids;
  }

  /** Has somebody else post tasks on an account. */
  postForeign(post: Omit<ForeignPost, 'atMs' | 'salt'>): void {
    const salt = randomBytes(3).toString('hex');
    this.record({ type: 'foreign', post: { ...post, atMs: this.clock.nowMs(), salt } });
  }

  /** Has the vendor parse an ended task again; false if there is none of this id. */
  fix(id: string): boolean {
    const task = this.state.tasks.get(id);
    const nowMs = this.clock.nowMs();
    if (!task || !isDone(task, nowMs)) return false;
    this.record({ type: 'fixed', id, atMs: nowMs });
    return true;
  }

  /** What a look at a task is told in this form; undefined if it has not ended. */
  result(id: string, variant: Variant): unknown[] | null | undefined {
    const task = this.state.tasks.get(id);
    return task && isDone(task, this.clock.nowMs()) ? resultOf(this, task, variant) : undefined;
  }

  ledger(filter?: LedgerFilter): DataForSeoLedger {
    return readLedger(this, filter);
  }

  summary(): DataForSeoSummary {
    return readSummary(this);
  }
}
