import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilTrue } from './until-true.ts';

/** How far the batch is, counted in files: a scrape that has ended has a record. */
export interface Progress {
  ended(): number;
  /** Waits until so many scrapes have ended; throws when the signal aborts. */
  reaches(ended: number, signal: AbortSignal): Promise<void>;
}

const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 10_000;

export interface FollowOptions {
  storeFolder: string;
  total: number;
  signal: AbortSignal;
  log: (line: string) => void;
  /** Called at every look. */
  onLook: () => void;
  /** The batch is given up if no scrape ends for this long. */
  stallMs: number;
}

/** Follows a batch until the signal aborts; `stalled` rejects if nothing goes on any more. */
export function followProgress(options: FollowOptions): { progress: Progress; stalled: Promise<never> } {
  const { storeFolder, total, signal, log, onLook, stallMs } = options;
  let ended = 0;
  async function follow(): Promise<void> {
    const begunAt = Date.now();
    let [lastGainAt, nextSayAt] = [begunAt, begunAt + SAY_EVERY_MS];
    while (!signal.aborted) {
      const now = await countRecords(storeFolder);
      if (now > ended) lastGainAt = Date.now();
      ended = now;
      onLook();
      if (Date.now() > nextSayAt) {
        log(`${Math.round((Date.now() - begunAt) / 1000)} s: ${ended} of ${total} ended`);
        nextSayAt += SAY_EVERY_MS;
      }
      if (Date.now() - lastGainAt > stallMs) throw new Error(`no scrape has ended for ${stallMs / 1000} s`);
      await sleep(LOOK_EVERY_MS);
    }
  }
  return {
    progress: {
      ended: () => ended,
      async reaches(wanted, until) {
        const isThere = async (): Promise<boolean> => ended >= wanted;
        await untilTrue(isThere, `${wanted} scrapes have ended`, {
          timeoutMs: Number.POSITIVE_INFINITY,
          everyMs: LOOK_EVERY_MS,
          signal: until,
        });
      },
    },
    stalled: new Promise((_, reject) => void follow().catch(reject)),
  };
}

async function countRecords(storeFolder: string): Promise<number> {
  const root = join(storeFolder, 'records');
  const shards = await readdir(root).catch(() => []);
  const counts = await Promise.all(shards.map(async (shard) => (await readdir(join(root, shard))).length));
  return counts.reduce((sum, count) => sum + count, 0);
}
