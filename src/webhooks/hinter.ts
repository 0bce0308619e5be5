import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallbackKind } from '../contracts/callbacks.ts';
import { Slots } from './slots.ts';

/**
 * Tells a scrape that a task of its own may be ready; `nobody` if no workflow of it runs. Rejects if Temporal cannot be
 * reached.
 */
export type SendHint = (
  scrapeId: string,
  taskId: string,
  kind: CallbackKind,
) => Promise<'nobody' | undefined>;

/** Passes hints on beside the answers, so that a provider never waits for Temporal. */
export interface Hinter {
  /** Returns at once. A hint that cannot be passed on is lost: the scrape looks by itself later. */
  hint(kind: CallbackKind, scrapeId: string, taskId: string): void;
  /** Waits for what is under way; what would be said again later is not. */
  close(): Promise<void>;
}

/** Signals under way at once; each is some milliseconds of the server's time. */
const AT_ONCE = 16;

/**
 * A scrape that is bought with others is begun after the purchase, on a busy machine later than its result is posted, and a
 * lost database is begun again from nothing: so it is told again after these times.
 */
const AGAIN_MS = [1_000, 5_000, 20_000, 60_000, 180_000];

/** A hint of the same kind and task is passed on at most this often. */
const REPEAT_MS = 60_000;

/**
 * More hints than this wait, are to be said again or are remembered only if Temporal is away; memory matters more than a hint
 * then.
 */
const MAX_REMEMBERED = 20_000;
const MAX_WAITING = 10_000;

/** `now`: a clock that only moves forward, milliseconds; `pause` ends early at its signal. */
export function createHinter(
  send: SendHint,
  now: () => number = () => performance.now(),
  pause: (ms: number, signal: AbortSignal) => Promise<unknown> = pauseFor,
): Hinter {
  const slots = new Slots(AT_ONCE);
  /** In the order of their times, since none is set twice. */
  const sentAt = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  /** Of those under way, what nobody heard; it must not keep out what others would hear. */
  let pausing = 0;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // as many as wait

  function forgetOld(): void {
    for (const [key, at] of sentAt) {
      if (now() - at < REPEAT_MS && sentAt.size <= MAX_REMEMBERED) return;
      sentAt.delete(key);
    }
  }

  async function pass(kind: CallbackKind, scrapeId: string, taskId: string): Promise<void> {
    for (const waitMs of [...AGAIN_MS, undefined]) {
      const answer = await slots.use(() => send(scrapeId, taskId, kind));
      if (answer !== 'nobody' || waitMs === undefined) return;
      const { signal } = closing;
      if (signal.aborted || pausing >= MAX_WAITING) return;
      pausing++;
      await pause(waitMs, signal).finally(() => pausing--);
      if (signal.aborted) return;
    }
  }

  return {
    hint(kind, scrapeId, taskId) {
      forgetOld();
      const key = `${kind}/${taskId}`;
      if (sentAt.has(key) || underWay.size - pausing >= MAX_WAITING) return;
      sentAt.set(key, now());
      const sending = pass(kind, scrapeId, taskId)
        .catch(() => void sentAt.delete(key)) // the next one may get through
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
    },
    async close() {
      closing.abort();
      await Promise.all(underWay);
    },
  };
}

function pauseFor(ms: number, signal: AbortSignal): Promise<unknown> {
  return sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
