import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from './exit-codes.ts';
import { TERMINAL } from './terminal.ts';

const LOOK_EVERY_MS = 1_000;

/** Waits for `result`, telling every change of `look` meanwhile; looks that fail are left out. */
export async function waitAndTell<T>(
  result: Promise<T>,
  look: () => Promise<string | undefined>,
  tell: (line: string) => void,
): Promise<T> {
  const ended = new AbortController();
  const telling = (async () => {
    let last = '';
    while (!ended.signal.aborted) {
      const line = await look().catch(() => undefined);
      if (line !== undefined && line !== last && !ended.signal.aborted) tell((last = line));
      await sleep(LOOK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  try {
    return await result;
  } finally {
    ended.abort();
    await telling;
  }
}

/** Ctrl-C detaches: the workflow goes on, and the command to come back is printed. */
export function detachOnSignal(id: string): void {
  const detach = (): void => {
    TERMINAL.say(
      `\ndetached: ${id} goes on. Come back with: gleaner status ${id} (stop it: gleaner cancel ${id})`,
    );
    process.exit(EXIT.good);
  };
  process.once('SIGINT', detach);
  process.once('SIGTERM', detach);
}
