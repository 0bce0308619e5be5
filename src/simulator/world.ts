import type { SimulatorClock } from './clock.ts';
import type { SimulatorEvent } from './events.ts';
import type { FaultScripts } from './faults.ts';
import type { Knobs } from './knobs.ts';
import type { SimulatorState } from './state.ts';
import type { Traffic } from './traffic.ts';

/** What the calls of the provider work on. */
export interface World {
  readonly state: SimulatorState;
  readonly clock: SimulatorClock;
  readonly scripts: FaultScripts;
  readonly traffic: Traffic;
  readonly knobs: Knobs;
  /** All latencies are divided by it. */
  readonly speed: number;
  /** Writes the event down, then applies it. */
  record(event: SimulatorEvent): void;
  newJobId(): string;
}

/** A call that costs money: who asks, for which scraper, with which query. */
export interface PaidCall {
  apiKey: string | undefined;
  scraper: string;
  query: Record<string, string>;
}
