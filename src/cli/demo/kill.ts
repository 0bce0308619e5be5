import { setTimeout as sleep } from 'node:timers/promises';

/** A purchase takes some tens of milliseconds and eight begin a second, so most looks find a gap. */
const LOOKS = 60;
const PAUSE_MS = 35;

export interface Kill {
  pid: number;
  /** Whether it was found between two purchases; otherwise one scrape may end as `unknown`. */
  betweenPurchases: boolean;
}

/**
 * `kill -9` between two purchases. The process is halted (SIGSTOP) while we look, so that nothing can begin between the
 * look and the kill; if a purchase is on its way the process goes on and we look again.
 */
export async function killBetweenPurchases(pid: number, buying: () => Promise<boolean>): Promise<Kill> {
  for (let look = 1; look <= LOOKS; look++) {
    process.kill(pid, 'SIGSTOP');
    if (!(await buying())) {
      process.kill(pid, 'SIGKILL');
      return { pid, betweenPurchases: true };
    }
    process.kill(pid, 'SIGCONT');
    await sleep(PAUSE_MS);
  }
  process.kill(pid, 'SIGKILL');
  return { pid, betweenPurchases: false };
}
