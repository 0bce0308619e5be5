import type { CallbackKind } from '../contracts/callbacks.ts';
import { Slots } from './slots.ts';

/** Tells a scrape that a task of its own may be ready. Rejects if Temporal cannot be reached. */
export type SendHint = (scrapeId: string, taskId: string, kind: CallbackKind) => Promise<void>;

/** Passes hints on beside the answers, so that a provider never waits for Temporal. */
export interface Hinter {
  /** Returns at once. A hint that cannot be passed on is lost: the scrape looks by itself later. */
  hint(kind: CallbackKind, scrapeId: string, taskId: string): void;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** Signals under way at once; each is some milliseconds of the server's time. */
const AT_ONCE = 16;

/** A hint of the same kind and task is passed on at most this often. */
const REPEAT_MS = 60_000;

/** More hints than this wait or are remembered only if Temporal is away; memory matters more than a hint then. */
const MAX_REMEMBERED = 20_000;
const MAX_WAITING = 10_000;

/** `now`: a clock that only moves forward, milliseconds. */
export function createHinter(send: SendHint, now: () => number = () => performance.now()): Hinter {
  const slots = new Slots(AT_ONCE);
  /** In the order of their times, since none is set twice. */
  const sentAt = new Map<string, number>();
  const underWay = new Set<Promise<void>>();

  function forgetOld(): void {
    for (const [key, at] of sentAt) {
      if (now() - at < REPEAT_MS && sentAt.size <= MAX_REMEMBERED) return;
      sentAt.delete(key);
    }
  }

  return {
    hint(kind, scrapeId, taskId) {
      forgetOld();
      const key = `${kind}/${taskId}`;
      if (sentAt.has(key) || underWay.size >= MAX_WAITING) return;
      sentAt.set(key, now());
      const sending = slots
        .use(() => send(scrapeId, taskId, kind))
        .catch(() => void sentAt.delete(key)) // the next one may get through
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
    },
    async close() {
      await Promise.all(underWay);
    },
  };
}
