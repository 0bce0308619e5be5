import { setTimeout as sleep } from 'node:timers/promises';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import { GleanerError } from '../../src/client/gleaner-error.ts';
import type { BatchRecord } from '../../src/contracts/batch.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import { interruptServers, killWorkers } from './disturbances.ts';
import type { Disturbed, Outage, WorkerKill } from './disturbances.ts';
import { followProgress } from './progress.ts';
import { BATCH_ID, BATCH_NAME, SINGLE, questionsOf } from './questions.ts';
import { startSingle, type StartedSingle } from './single-scrape.ts';

/** What happened, before anybody judges it. */
export interface Run {
  seconds: number;
  /** Absent if it was given up. */
  batch?: BatchRecord;
  gaveUp?: string;
  kills: WorkerKill[];
  outages: Outage[];
  /** When the cancel was asked for, and when the client said that it was. */
  cancel?: { askedAtMs: number; saidAtMs: number };
  single?: StartedSingle;
  /** Calls of the client that failed, in its own words. Each was made again. */
  clientErrors: string[];
}

/** No scrape takes longer than this to end, an unknown one included (it settles after 65 s, or by searches after 31 min). */
const STALL_MS = { plain: 10 * 60_000, searched: 45 * 60_000 };
const RETRY_MS = 1_000;
/** Part of the scrapes after which the single one is started: the middle may be where the server is killed. */
const SINGLE_AT = 5 / 12;

/** Runs the batch to its end with everything that the options ask for in between. */
export async function runBatch(
  gleaner: Gleaner,
  control: SimulatorControl,
  world: Omit<Disturbed, 'progress'>,
  onEnd: (stop: () => Promise<void>) => void,
): Promise<Run> {
  const { options, meter, log } = world;
  const run: Run = { seconds: 0, kills: [], outages: [], clientErrors: [] };
  const over = new AbortController();
  const { signal } = over;
  /** A call that fails while the server is down is made again, and told. */
  const insist = async <T>(call: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (signal.aborted || isFinal(error)) throw error;
        run.clientErrors.push(String(error));
        await sleep(RETRY_MS, undefined, { signal });
      }
    }
  };
  const { provider } = options;
  const { items } = questionsOf(options.scrapes, provider);
  const begunAt = Date.now();
  meter.begin();
  await gleaner.startBatch({
    name: BATCH_NAME,
    prompts: items,
    scrapers: [...provider.scrapers],
    window: options.window,
  });
  const { progress, stalled } = followProgress({
    storeFolder: gleaner.store.location,
    total: options.scrapes,
    signal,
    log,
    onLook: () => meter.sample(),
    stallMs: provider.searched ? STALL_MS.searched : STALL_MS.plain,
  });
  stalled.catch(() => undefined); // where an interrupted run never comes to wait for it
  const target = options.cancelAt ?? options.scrapes;

  const single = async (): Promise<void> => {
    if (!options.single) return;
    await progress.reaches(Math.floor(target * SINGLE_AT), signal);
    run.single = await insist(() => startSingle(gleaner, control, signal));
    log(`the single scrape was bought; ${run.single.queuedBefore} purchases waited before it`);
    await insist(() => gleaner.waitForScrape(SINGLE.scrapeId));
  };
  const cancel = async (): Promise<void> => {
    if (options.cancelAt === undefined) return;
    await progress.reaches(options.cancelAt, signal);
    run.cancel = await insist(async () => {
      const askedAtMs = Date.now();
      await gleaner.cancel(BATCH_ID);
      return { askedAtMs, saidAtMs: Date.now() };
    });
    log(`cancelled the batch at ${progress.ended()} scrapes`);
  };
  const disturbed = { ...world, progress };
  const endless = untilAborted(
    [killWorkers(disturbed, run.kills, signal), interruptServers(disturbed, run.outages, signal)],
    signal,
  );
  // A server that is just being started again has to be there before it can be ended.
  onEnd(async () => {
    over.abort();
    await endless;
  });
  const wanted = Promise.all([insist(() => gleaner.waitForBatch(BATCH_ID)), single(), cancel()]);
  try {
    const failed = endless.then(() => wanted); // only a failure of it counts
    const [batch] = await Promise.race([wanted, failed, stalled]);
    run.batch = batch;
  } catch (error) {
    run.gaveUp = String(error);
    log(`given up: ${run.gaveUp}`);
  }
  run.seconds = (Date.now() - begunAt) / 1000;
  meter.sample();
  over.abort();
  wanted.catch(() => undefined); // given up, it may go on waiting until the client is closed
  await Promise.allSettled([endless]);
  return run;
}

/** Asking again would not change it. */
function isFinal(error: unknown): boolean {
  return error instanceof GleanerError && error.kind !== 'no-server';
}

/** What these throw after the abort is the abort. */
async function untilAborted(parts: Array<Promise<void>>, signal: AbortSignal): Promise<void> {
  await Promise.all(
    parts.map((part) =>
      part.catch((error: unknown) => {
        if (!signal.aborted) throw error;
      }),
    ),
  );
}
