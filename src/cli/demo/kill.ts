import { setTimeout as sleep } from 'node:timers/promises';

/** A purchase takes some tens of milliseconds and eight begin a second: every other look finds a gap. */
const LOOKS = 40;
/** Long enough for what is on its way to be done, also on a slow machine, and never in step with the purchases. */
const pauseMs = (): number => 60 + 140 * Math.random();
/** A halt takes effect when the process would run next, and calls that were sent before it should be answered. */
const HALT_MS = 10;

/** What a halted worker has begun and not ended. */
export interface Moment {
  /** A purchase is on its way: its answer would be lost. */
  buying: boolean;
  /** Scrapes that are paid for and have no answer yet. */
  waiting: number;
}

export interface Kill extends Moment {
  pid: number;
}

/**
 * `kill -9` between two purchases. The process is halted (SIGSTOP) while `look` runs, so that nothing can begin between
 * the look and the kill; if a purchase is on its way the process goes on and we look again. If there never is a gap it is
 * killed all the same, and says `buying`.
 */
export async function killBetweenPurchases(
  pid: number,
  look: () => Promise<Moment>,
  maxLooks = LOOKS,
): Promise<Kill> {
  for (let looks = 1; ; looks++) {
    process.kill(pid, 'SIGSTOP');
    await sleep(HALT_MS);
    const moment = await look();
    if (!moment.buying || looks === maxLooks) {
      process.kill(pid, 'SIGKILL');
      return { pid, ...moment };
    }
    process.kill(pid, 'SIGCONT');
    await sleep(pauseMs());
  }
}
