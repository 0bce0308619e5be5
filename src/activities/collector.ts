import { Context, log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { CollectorInput, SearchWindow, Wanted } from '../contracts/collector.ts';
import { collectorId } from '../contracts/ids.ts';
import { WANTED_SIGNAL } from '../contracts/messages.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { ProviderName, Scraper } from '../contracts/scrapers.ts';
import type { CollectTiming } from './deps.ts';

/** Tells the collector of an account what is wanted of it, starting it if none runs. Losing a word costs time only. */
export interface Collector {
  /** Somebody waits for the end of a task of this scraper until then, milliseconds since the epoch. Never throws. */
  want(account: string, scraper: Scraper, untilMs: number): Promise<void>;
  /** Somebody looks for a purchase in this window. Never throws. */
  wantSweep(provider: ProviderName, account: string, window: SearchWindow): Promise<void>;
}

/** A purchase is on record already, so its activity does not wait for long. */
const SIGNAL_TIMEOUT_MS = 5_000;

interface CollectorOptions {
  /** That of the workflows. */
  taskQueue: string;
  timing: Pick<CollectTiming, 'wantGapMs' | 'sweepGapMs'>;
  /** A clock that only moves forward, milliseconds. */
  now?: () => number;
  send?: SendWanted;
  warn?: (message: string) => void;
}

/** The collectors as one worker process tells them. */
export function createCollector({
  taskQueue,
  timing,
  now = () => performance.now(),
  send = signalWithStart,
  warn = (message) => log.warn(message),
}: CollectorOptions): Collector {
  const sentAt = new Map<string, number>();

  /** Once in `gapMs` for each key; what could not be sent is tried again by the next who wants it. */
  async function tell(key: string, gapMs: number, input: CollectorInput, wanted: Wanted): Promise<void> {
    const last = sentAt.get(key);
    if (last !== undefined && now() - last < gapMs) return;
    sentAt.set(key, now());
    try {
      await send(taskQueue, input, wanted);
    } catch (error) {
      sentAt.delete(key);
      warn(`the collector could not be told: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
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
      const until = new Date(Math.max(untilMs, ...current.map(([, ms]) => ms))).toISOString();
      if (isNew) sentAt.delete(id);
      await tell(
        id,
        timing.wantGapMs,
        { provider, account },
        { scrapers: current.map(([name]) => name), until },
      );
    },
    async wantSweep(provider, account, window) {
      const key = [collectorId(provider, account), window.family, window.from, window.to].join(' ');
      await tell(key, timing.sweepGapMs, { provider, account }, { sweep: window });
      if (sentAt.size > MAX_KEYS) sentAt.clear();
    },
  };
}

/** Windows of purchases come and go; forgetting them costs a few signals. */
const MAX_KEYS = 1_000;

type SendWanted = (taskQueue: string, input: CollectorInput, wanted: Wanted) => Promise<void>;

async function signalWithStart(taskQueue: string, input: CollectorInput, wanted: Wanted): Promise<void> {
  const { client }: { client: Client } = Context.current();
  await client.withDeadline(Date.now() + SIGNAL_TIMEOUT_MS, () =>
    client.workflow.signalWithStart('collectorWorkflow', {
      taskQueue,
      workflowId: collectorId(input.provider, input.account),
      args: [input],
      signal: WANTED_SIGNAL,
      signalArgs: [wanted],
    }),
  );
}
