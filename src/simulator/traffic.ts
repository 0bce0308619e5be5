import { FaultLog } from './fault-log.ts';

/** Counts calls, in real time: how many, how many at once, and how many within any minute. Starts at nothing each run. */
export class Traffic {
  readonly calls: Record<string, number> = {};
  readonly submits = new Rate();
  readonly polls = new Rate();
  readonly faults = new FaultLog();
  submitsInFlight = 0;
  submitsInFlightPeak = 0;
  readonly #pollsOfJob = new Map<string, { nth: number; wallMs: number }>();

  /** Counts from nothing, but for the calls that are still being answered. */
  restarted(): Traffic {
    const traffic = new Traffic();
    traffic.submitsInFlight = this.submitsInFlight;
    return traffic;
  }

  count(route: string): void {
    this.calls[route] = (this.calls[route] ?? 0) + 1;
  }

  submitStarted(wallMs: number): void {
    this.submits.add(wallMs);
    this.submitsInFlight += 1;
    this.submitsInFlightPeak = Math.max(this.submitsInFlightPeak, this.submitsInFlight);
  }

  submitEnded(): void {
    this.submitsInFlight -= 1;
  }

  /** Which poll of the job this is, from 1, and the milliseconds since the last; undefined for the first. */
  polled(jobId: string, wallMs: number): { nth: number; gapMs: number | undefined } {
    this.polls.add(wallMs);
    const last = this.#pollsOfJob.get(jobId);
    const nth = (last?.nth ?? 0) + 1;
    this.#pollsOfJob.set(jobId, { nth, wallMs });
    return { nth, gapMs: last && wallMs - last.wallMs };
  }
}

const MINUTE_MS = 60_000;

/** Calls within the last minute, and the most that any minute ever held, however it is cut. */
export class Rate {
  peakPerMinute = 0;
  #times: number[] = [];
  /** Index of the first call that is not older than a minute. */
  #first = 0;

  add(wallMs: number): void {
    this.#times.push(wallMs);
    this.peakPerMinute = Math.max(this.peakPerMinute, this.within(wallMs));
  }

  /** Calls in the minute that ends at `wallMs`. */
  within(wallMs: number): number {
    while ((this.#times[this.#first] ?? wallMs) <= wallMs - MINUTE_MS) this.#first += 1;
    if (this.#first > COMPACT_AT) {
      this.#times = this.#times.slice(this.#first);
      this.#first = 0;
    }
    return this.#times.length - this.#first;
  }
}

/** Old calls are thrown away in lots of this size, so that adding one stays cheap. */
const COMPACT_AT = 10_000;
