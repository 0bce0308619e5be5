import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalFiles, OpenIntent } from './journal-files.ts';
import type { ScaleOptions } from './options.ts';
import type { Progress } from './progress.ts';
import type { ScaleSystem } from './system.ts';
import type { UsageMeter } from './usage-meter.ts';
import type { WorkerFleet } from './worker-fleet.ts';

export interface WorkerKill {
  worker: string;
  atMs: number;
  /** Intents without answer when it was dead: its own, and those that the others were answering. */
  open: OpenIntent[];
}

export interface Outage {
  what: 'server' | 'postgres';
  atMs: number;
  /** Until it served again. */
  tookMs: number;
}

export interface Disturbed {
  options: ScaleOptions;
  system: ScaleSystem;
  fleet: WorkerFleet;
  meter: UsageMeter;
  journal: JournalFiles;
  progress: Progress;
  log: (line: string) => void;
}

/** Kills one worker after the other, every so many seconds, until the signal aborts. */
export async function killWorkers(world: Disturbed, kills: WorkerKill[], signal: AbortSignal): Promise<void> {
  const { options, fleet, meter, journal, log } = world;
  if (options.killWorkerEvery === undefined) return;
  const everyMs = options.killWorkerEvery * 1000;
  const begunAt = Date.now();
  for (let k = 1; ; k++) {
    await sleep(Math.max(0, begunAt + k * everyMs - Date.now()), undefined, { signal });
    meter.sample();
    const worker = await fleet.kill(k - 1);
    const atMs = Date.now();
    // The dead worker's intents stay as they are for more than a minute, so none of them is missed by a slow look.
    const open = (await journal.readOpen()).filter(({ createdAtMs }) => createdAtMs <= atMs);
    kills.push({ worker, atMs, open });
    log(`killed ${worker} (kill ${k}); ${open.length} purchases had no answer yet`);
  }
}

/** Kills the server and restarts PostgreSQL at even distances in the scrapes that have ended. */
export async function interruptServers(
  world: Disturbed,
  outages: Outage[],
  signal: AbortSignal,
): Promise<void> {
  const { options, system, meter, progress, log } = world;
  for (const { what, at } of planOutages(options)) {
    await progress.reaches(at, signal);
    meter.sample();
    const atMs = Date.now();
    await (what === 'server' ? system.killServer() : system.restartPostgres?.());
    const tookMs = Date.now() - atMs;
    outages.push({ what, atMs, tookMs });
    log(
      `${what === 'server' ? 'killed the server' : 'restarted PostgreSQL'} at ${at} scrapes; back after ${tookMs} ms`,
    );
  }
}

/** Where each outage comes, in scrapes that have ended, in order; never two at once. */
export function planOutages({
  scrapes,
  cancelAt,
  killServer,
  restartPostgres,
}: Pick<ScaleOptions, 'scrapes' | 'cancelAt' | 'killServer' | 'restartPostgres'>): Array<{
  what: Outage['what'];
  at: number;
}> {
  const target = cancelAt ?? scrapes;
  const kills = spread(killServer);
  const step = 1 / (killServer + 1);
  const restarts = spread(restartPostgres).map((part) =>
    kills.some((kill) => Math.abs(kill - part) < step / 4) ? part + step / 2 : part,
  );
  return [
    ...kills.map((part) => ({ what: 'server' as const, at: Math.round(target * part) })),
    ...restarts.map((part) => ({ what: 'postgres' as const, at: Math.round(target * part) })),
  ].sort((a, b) => a.at - b.at);
}

/** Parts of the whole, at even distances. */
function spread(count: number): number[] {
  return Array.from({ length: count }, (_, k) => (k + 1) / (count + 1));
}
