import { log } from '@temporalio/activity';
import type { CollectorInput, CollectorWishes, SearchWindow } from '../contracts/collector.ts';
import { collectorId } from '../contracts/ids.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { ProviderName, Scraper } from '../contracts/scrapers.ts';
import { collectorPost } from './collector-post.ts';
import type { CollectorPost } from './collector-post.ts';
import type { CollectTiming } from './deps.ts';

/** Tells the collector of an account what is wanted of it, starting it if none runs. Losing a word costs time only. */
export interface Collector {
  /** Somebody waits for the end of a task of this scraper until then, milliseconds since the epoch. Never throws. */
  want(account: string, scraper: Scraper, untilMs: number): Promise<void>;
  /** Somebody looks for a purchase in this window. Never throws. */
  wantSweep(provider: ProviderName, account: string, window: SearchWindow): Promise<void>;
}

interface CollectorOptions {
  /** That of the workflows. */
  taskQueue: string;
  timing: Pick<CollectTiming, 'wantGapMs' | 'sweepGapMs'>;
  /** A clock that only moves forward, milliseconds. */
  now?: () => number;
  post?: CollectorPost;
  /** From 0 up to 1, so that processes do not ask all at once. */
  random?: () => number;
  warn?: (message: string) => void;
}

/**
 * The collectors as one worker process tells them. Processes know nothing of each other, so each asks first: what another
 * one has said is not said again.
 */
export function createCollector({
  taskQueue,
  timing,
  now = () => performance.now(),
  post = collectorPost,
  random = Math.random,
  warn = (message) => log.warn(message),
}: CollectorOptions): Collector {
  const toldAt = new Map<string, number>();

  /**
   * Once in `gapMs` for each key; what could not be sent is tried again by the next who wants it. `say` answers how long ago
   * it was said, below zero if it need not be said again that long.
   */
  async function tell(key: string, gapMs: number, say: () => Promise<number>): Promise<void> {
    const last = toldAt.get(key);
    if (last !== undefined && now() - last < gapMs) return;
    toldAt.set(key, now());
    try {
      const agoMs = await say();
      toldAt.set(key, now() - agoMs);
    } catch (error) {
      toldAt.delete(key);
      warn(`the collector could not be told: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  }

  /**
   * Says which lists are wanted until when, unless another process did: that one is given time to say it again. Processes
   * that ask at the same time would all speak, so only one word of those is heard; the others see then what it said.
   */
  async function sayLists(input: CollectorInput, wanted: ReadonlyArray<[Scraper, number]>): Promise<number> {
    for (let nth = 1; ; nth++) {
      let wishes = await post.ask(input);
      if (!wishes) {
        if (await post.start(taskQueue, { ...input, wishes: firstWishes(wanted) })) return 0;
        wishes = await post.ask(input);
      }
      const saidMs = Date.now() - Date.parse(wishes?.lastSignalAt ?? '');
      const isSaid = wanted.every(
        // Every signal says a gap more than the one before it, and the look of who waits has a gap to spare.
        ([scraper, untilMs]) => Date.parse(wishes?.until[scraper] ?? '') >= untilMs - timing.wantGapMs,
      );
      const leastSpreadMs = timing.wantGapMs * LEAST_SPREAD;
      if (isSaid && saidMs < timing.wantGapMs + leastSpreadMs)
        return Math.max(0, saidMs) - leastSpreadMs - random() * timing.wantGapMs * SPREAD;
      if (nth > MOST_WORDS) return 0;
      const scrapers = wanted.map(([scraper]) => scraper);
      const until = new Date(Math.max(...wanted.map(([, ms]) => ms))).toISOString();
      // Of one that runs and does not answer nobody knows what it has heard: it is told once in a gap.
      const key = wishes ? `after ${wishes.signals}` : `at ${Math.floor(Date.now() / timing.wantGapMs)}`;
      const isRunning = await post.signalOnce(input, { scrapers, until }, key);
      // One that has ended answers questions still.
      if (!isRunning && (await post.start(taskQueue, { ...input, wishes: firstWishes(wanted) }))) return 0;
      if (!wishes) return 0;
    }
  }

  async function saySweep(input: CollectorInput, window: SearchWindow): Promise<number> {
    const { sweeps = [] } = (await post.ask(input)) ?? {};
    if (!sweeps.some((known) => contains(known, window))) {
      await post.signal(taskQueue, input, { sweep: window });
    }
    return 0;
  }

  const wantedOf = new Map<string, Map<Scraper, number>>();
  return {
    async want(account, scraper, untilMs) {
      const { provider } = splitScraper(scraper);
      const id = collectorId(provider, account);
      const known = wantedOf.get(id) ?? new Map<Scraper, number>();
      wantedOf.set(id, known);
      // A scraper that this process did not speak of is told at once, the others together once in a while.
      const isNew = (known.get(scraper) ?? 0) < Date.now();
      known.set(scraper, Math.max(untilMs, known.get(scraper) ?? 0));
      const current = [...known].filter(([, until]) => until > Date.now());
      if (isNew) toldAt.delete(id);
      if (current.length > 0) {
        await tell(id, timing.wantGapMs, () => sayLists({ provider, account }, current));
      }
    },
    async wantSweep(provider, account, window) {
      const key = [collectorId(provider, account), window.family, window.from, window.to].join(' ');
      await tell(key, timing.sweepGapMs, () => saySweep({ provider, account }, window));
      if (toldAt.size > MAX_KEYS) toldAt.clear();
    },
  };
}

/** Each is heard unless another process spoke at the same time; what it said is mostly the same. */
const MOST_WORDS = 3;

/** Parts of the gap; with it still less than the time in which a collector stays that hears nothing (`quietMs`). */
const LEAST_SPREAD = 1 / 30;
const SPREAD = 0.3;

function firstWishes(wanted: ReadonlyArray<[Scraper, number]>): CollectorWishes {
  const until = Object.fromEntries(wanted.map(([scraper, ms]) => [scraper, new Date(ms).toISOString()]));
  return { until, sweeps: [], signals: 1, lastSignalAt: new Date().toISOString() };
}

function contains(known: SearchWindow, window: SearchWindow): boolean {
  return (
    known.family === window.family &&
    Date.parse(known.from) <= Date.parse(window.from) &&
    Date.parse(known.to) >= Date.parse(window.to)
  );
}

/** Windows of purchases come and go; forgetting them costs a few signals. */
const MAX_KEYS = 1_000;
