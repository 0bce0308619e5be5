import { setTimeout as sleep } from 'node:timers/promises';
import { startComponent, type Component } from './component.ts';
import { readCounts, type HistoryCounts } from './history-counts.ts';
import type { BenchOptions, Phase } from './options.ts';
import { phaseRun, type PhaseEnd } from './phases.ts';
import { cpuMs, cpuMsByThread, peakRssBytes } from './process-usage.ts';
import { profileArgs, readProfiles, type HotFunction } from './cpu-profile.ts';
import type { World } from './world.ts';

export interface Measured {
  phase: Phase;
  scrapes: number;
  outcomes: Record<string, number>;
  seconds: number;
  scrapesPerSecond: number;
  /** Milliseconds a scrape; `server` is absent where its processes are not known. */
  cpu: { server?: number; worker: number; simulator: number };
  /** A scrape's own history and its share of its parents'. */
  events: { child: number; parents: number; longestHistory: number };
  actions: number;
  polls: number;
  httpCalls: number;
  /** From the answer being ready until it was first fetched, in the mean. */
  noticedAfterMs?: number;
  workerPeakMiB: number[];
  /** With `--cpu-prof`. */
  profile?: { threads: Record<string, number>; functions: HotFunction[] };
}

/** A new process connects, bundles and makes its first polls, which is no scrape's cost. */
const SETTLE_MS = 3_000;
/** Histories of scrapes that are read; they differ by their polls only. */
const SAMPLE = 50;
const SEED = 'throughput';

/** Runs one phase with worker processes of its own on the simulator in its first state. */
export async function measure(phase: Phase, world: World, options: BenchOptions): Promise<Measured> {
  const { control } = world.simulator;
  await control.reset(SEED); // the same jobs take the same times again
  await options.provider.prepare(control);
  const { workerArgs, run } = phaseRun(phase, world, options);
  const workers: Component[] = [];
  for (let n = 0; n < options.workers; n++) {
    const profile = options.profile ? profileArgs(world.folder, phase) : [];
    workers.push(await startComponent([...profile, ...workerArgs(n === 0)], world.env));
  }
  try {
    await sleep(SETTLE_MS);
    const pids = {
      server: world.serverPids,
      worker: workers.map(({ pid }) => pid),
      simulator: [world.simulator.pid],
    };
    const cpuBefore = cpuOf(pids);
    const startedMs = performance.now();
    const end = await run();
    const seconds = (performance.now() - startedMs) / 1000;
    const cpuAfter = cpuOf(pids);
    const threads = cpuMsByThread(workers[0]?.pid ?? 0);
    const workerPeakMiB = pids.worker.map((pid) => Math.round(peakRssBytes(pid) / 2 ** 20));
    const scrapes = end.childIds.length;
    const each = (of: keyof typeof pids): number => (cpuAfter[of] - cpuBefore[of]) / scrapes;
    const result: Measured = {
      phase,
      scrapes,
      outcomes: end.outcomes,
      seconds,
      scrapesPerSecond: scrapes / seconds,
      cpu: {
        ...(pids.server.length > 0 && { server: each('server') }),
        worker: each('worker'),
        simulator: each('simulator'),
      },
      ...(await callsOf(world, options, scrapes)),
      ...(await countHistories(world, end)),
      workerPeakMiB,
    };
    if (!options.profile) return result;
    await stopAll(workers);
    return { ...result, profile: { threads, functions: await readProfiles(world.folder, phase) } };
  } finally {
    await stopAll(workers);
  }
}

async function stopAll(workers: Component[]): Promise<void> {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
}

function cpuOf<K extends string>(pids: Record<K, number[]>): Record<K, number> {
  const sums = Object.entries<number[]>(pids).map(([name, list]) => [
    name,
    list.reduce((sum, pid) => sum + cpuMs(pid), 0),
  ]);
  return Object.fromEntries(sums) as Record<K, number>; // the same keys
}

async function callsOf(
  { simulator: { control } }: World,
  { provider }: BenchOptions,
  scrapes: number,
): Promise<Pick<Measured, 'polls' | 'httpCalls' | 'noticedAfterMs'>> {
  const { polls, all, delaysMs } = await provider.calls(control);
  return {
    polls: polls / scrapes,
    httpCalls: all / scrapes,
    ...(delaysMs.length > 0 && { noticedAfterMs: mean(delaysMs) }),
  };
}

/** All parents, and a sample of the scrapes spread over the whole run. */
async function countHistories(
  { client }: World,
  { parentIds, childIds }: PhaseEnd,
): Promise<Pick<Measured, 'events' | 'actions'>> {
  const step = Math.max(1, Math.floor(childIds.length / SAMPLE));
  const sampled = childIds.filter((_, n) => n % step === 0);
  const children = await Promise.all(sampled.map((id) => readCounts(client, id)));
  const parents: HistoryCounts[] = [];
  for (const id of parentIds) parents.push(await readCounts(client, id)); // some MB each
  const parentShare = (of: 'events' | 'actions'): number =>
    parents.reduce((sum, parent) => sum + parent[of], 0) / childIds.length;
  return {
    events: {
      child: mean(children.map(({ events }) => events)),
      parents: parentShare('events'),
      longestHistory: Math.max(...[...children, ...parents].map(({ events }) => events)),
    },
    actions: mean(children.map(({ actions }) => actions)) + parentShare('actions'),
  };
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
