import { randomUUID } from 'node:crypto';
import { SimulatorClock } from './clock.ts';
import { DataForSeo, type DataForSeoOptions } from './dataforseo/dataforseo.ts';
import type { Variant } from './dataforseo/families.ts';
import type { SimulatorEvent } from './events.ts';
import type { FallenFault } from './fault-log.ts';
import { FaultScripts, type Script } from './faults.ts';
import { viewJob } from './job.ts';
import { DEFAULT_KNOBS, type Knobs } from './knobs.ts';
import { readLedger, readSummary, type Ledger, type Summary } from './ledger.ts';
import { poll } from './poll.ts';
import type { Reply } from './reply.ts';
import { buildResult } from './result.ts';
import { SimulatorState } from './state.ts';
import { submit } from './submit.ts';
import { beginSync, type SyncRun } from './sync.ts';
import { Traffic } from './traffic.ts';
import type { PaidCall, World } from './world.ts';

export interface SimulationOptions {
  seed: string;
  speed: number;
  /** Credits per key, for a simulator that starts from nothing; a key that is known already keeps its balance. */
  apiKeys: Record<string, number>;
  knobs: Partial<Knobs>;
  /** Events of an earlier run. */
  history: readonly SimulatorEvent[];
  /** Called with every event before it takes effect; throwing stops the call that caused it. */
  persist: (event: SimulatorEvent) => void;
  wall?: () => number;
  dataforseo?: DataForSeoOptions;
}

/** The simulated providers without HTTP and without timers: ScrapeLLM here, DataForSEO in a part of its own. */
export class Simulation implements World {
  readonly state = new SimulatorState();
  readonly scripts = new FaultScripts();
  readonly clock: SimulatorClock;
  readonly speed: number;
  readonly dataforseo: DataForSeo;
  traffic = new Traffic();
  knobs: Knobs;
  readonly #options: SimulationOptions;
  readonly #listeners = new Set<() => void>();

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.clock = new SimulatorClock(options.wall);
    this.speed = options.speed;
    this.knobs = { ...DEFAULT_KNOBS, ...options.knobs };
    this.dataforseo = new DataForSeo({
      ...options.dataforseo,
      clock: this.clock,
      speed: options.speed,
      record: (event) => this.record({ type: 'dataforseo', event }),
    });
    for (const event of options.history) this.#apply(event);
    if (options.history.length === 0) {
      this.record({ type: 'reset', seed: options.seed, credits: options.apiKeys });
    }
    for (const [key, credits] of Object.entries(options.apiKeys)) {
      if (!this.state.knowsKey(key)) this.fund(key, credits);
    }
    this.dataforseo.openAccounts();
  }

  submit(call: PaidCall): Reply {
    return submit(this, call);
  }

  beginSync(call: PaidCall): SyncRun {
    return beginSync(this, call);
  }

  poll(jobId: string): Reply {
    return poll(this, jobId);
  }

  summary(): Summary {
    return { ...readSummary(this), dataforseo: this.dataforseo.summary() };
  }

  /** Every job with its money, oldest first; only those of one prompt if it is given. */
  ledger(prompt?: string): Ledger {
    return { ...readLedger(this, prompt), dataforseo: this.dataforseo.ledger({ keyword: prompt }) };
  }

  /** What whoever collects a job or a task is told, in this form; undefined if it has not ended well. */
  result(id: string, variant: Variant): unknown {
    const job = this.state.jobs.get(id);
    if (!job) return this.dataforseo.result(id, variant);
    const isDone = job.outcome === 'done' && job.finishAtMs <= this.clock.nowMs();
    return isDone ? buildResult(this.state.seed, job) : undefined;
  }

  /** Every fault that fell in this run, of both. */
  faults(): FallenFault[] {
    return [...this.traffic.faults.fallen, ...this.dataforseo.traffic.faults.fallen];
  }

  /** Moves the clock forward. */
  advance(ms: number): void {
    this.record({ type: 'advanced', ms });
  }

  setKnobs(patch: Partial<Knobs>): Knobs {
    this.knobs = { ...this.knobs, ...patch };
    return this.knobs;
  }

  script(script: Script): void {
    this.scripts.set(script);
  }

  /** Adds credits to a key, which is made if it is new. */
  fund(key: string, credits: number): void {
    this.record({ type: 'funded', key, credits });
  }

  /** Ends one pending job now, or all of them, the way they were going to end; returns their ids. */
  ready(jobId?: string): string[] {
    const atMs = this.clock.nowMs();
    const jobs = [...this.state.jobs.values()].filter(
      (job) => (jobId === undefined || job.jobId === jobId) && viewJob(job, atMs) === 'pending',
    );
    const jobIds = jobs.map((job) => job.jobId);
    if (jobIds.length > 0) this.record({ type: 'finished', jobIds, atMs });
    return jobIds;
  }

  /** Forgets everything but the time, and starts over with the keys and knobs that it was started with. */
  reset(seed: string): void {
    this.scripts.clear();
    this.traffic = this.traffic.restarted();
    this.knobs = { ...DEFAULT_KNOBS, ...this.#options.knobs };
    this.record({ type: 'reset', seed, credits: this.#options.apiKeys });
    this.dataforseo.openAccounts();
  }

  /** Calls back whenever jobs may be ready earlier than thought; returns how to stop that. */
  onTimeShift(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  record(event: SimulatorEvent): void {
    this.#options.persist(event);
    this.#apply(event);
    if (event.type !== 'advanced' && event.type !== 'finished') return;
    for (const listener of this.#listeners) listener();
  }

  newJobId(): string {
    // Not from the seed: two runs must never give two purchases the same id.
    return randomUUID();
  }

  #apply(event: SimulatorEvent): void {
    this.state.apply(event);
    if (event.type === 'reset') this.dataforseo.restart(event.seed);
    if (event.type === 'dataforseo') this.dataforseo.apply(event.event);
    this.clock.offsetMs = this.state.offsetMs;
  }
}
