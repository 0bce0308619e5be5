import { CallTrouble } from './call-trouble.ts';

/** Two clocks and a sleep that ends with an error when the activity is cancelled or its worker stops. */
export interface Clock {
  /** Moves forward only, milliseconds. */
  now(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  sleep(ms: number): Promise<void>;
}

/** Keeps calls apart so that no minute, however it is cut, holds more than so many. */
export interface Pace {
  /** Waits for the time of the next call. Throws if this machine slept through it: another run may have begun. */
  turn(): Promise<void>;
  /** The calls of this turn have ended. */
  called(): void;
}

/**
 * A gap counts from the end of the last call, so that delays on the way cannot push calls together. The first turn waits
 * too: the run before this one may just have called, and after a lost one (`attempt` above 1) it may be calling still
 * until it learns that its heartbeats are not wanted any more. Throws `CallTrouble`.
 */
export function paceOf(run: Clock & { attempt: number }, callsPerMinute: number): Pace {
  const gapMs = Math.ceil(60_000 / callsPerMinute) + 1;
  let dueAt = run.now() + (run.attempt > 1 ? LOST_RUN_MS + gapMs : gapMs);
  return {
    async turn() {
      const waitMs = Math.max(0, dueAt - run.now());
      const [now, wall] = [run.now(), run.wall()];
      await run.sleep(waitMs);
      const passedMs = Math.max(run.now() - now, run.wall() - wall);
      if (passedMs > waitMs + LOST_RUN_MS / 2) {
        const message = `this machine paused for ${Math.round(passedMs / 1000)} s`;
        throw new CallTrouble('paused', { message, retryAfterMs: 1_000 });
      }
    },
    called() {
      dueAt = run.now() + gapMs;
    },
  };
}

/** As long as it takes a worker that is cut off to learn that its activity is somebody else's; its heartbeat timeout. */
const LOST_RUN_MS = 10_000;
