import { setTimeout as sleep } from 'node:timers/promises';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import type { BatchRecord } from '../../src/contracts/batch.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import type { JournalFiles } from '../scale/journal-files.ts';
import { followProgress } from '../scale/progress.ts';
import { SCALE_PROVIDERS, type Job } from '../scale/provider.ts';
import { BATCH_ID, BATCH_NAME } from '../scale/questions.ts';
import type { ScaleSystem } from '../scale/system.ts';
import { untilTrue } from '../scale/until-true.ts';
import type { WorkerFleet } from '../scale/worker-fleet.ts';
import type { Wanted } from './questions.ts';

/** What happened, before anybody judges it. */
export interface Outage {
  seconds: { bought: number; down: number; ended: number };
  /** The provider's books while everything was down. */
  jobsAtKill: Job[];
  /** Calls as the simulator counted them, before the kill and after it. */
  calls: { before: Record<string, number>; after: Record<string, number> };
  /** Worker lives that ended although nobody had ended them. */
  selfEnded: string[];
  /** Absent if it was given up. */
  batch?: BatchRecord;
  gaveUp?: string;
}

interface OutageWorld {
  gleaner: Gleaner;
  control: SimulatorControl;
  system: ScaleSystem;
  journal: JournalFiles;
  startWorkers: () => Promise<WorkerFleet>;
  /** Gives the queues the limits for collecting. */
  endHold: () => Promise<void>;
  wanted: readonly Wanted[];
  /** By which the provider is older when everything comes back. */
  hours: number;
  /** How long everything stays down, in real time. */
  downMs: number;
  signal: AbortSignal;
  log: (line: string) => void;
}

/** Minutes on a machine of its own; a busy one takes far longer. */
const BUY_TIMEOUT_MS = 60 * 60_000;
/** Every look is due when everything is back; more than a busy machine takes for the first ones. */
const STALL_MS = 10 * 60_000;

/** Buys everything, kills everything, lets the time pass, starts everything again and waits for the batch's end. */
export async function runThroughOutage(world: OutageWorld): Promise<Outage> {
  const { gleaner, control, system, wanted, hours, downMs, signal, log } = world;
  const first = await world.startWorkers();
  const marks = [Date.now()];
  await gleaner.startBatch({
    name: BATCH_NAME,
    prompts: wanted.map(({ item }) => item),
    window: Math.min(wanted.length, MAX_WINDOW),
  });
  await untilTrue(() => areAllPaid(world), 'every scrape is paid', {
    timeoutMs: BUY_TIMEOUT_MS,
    everyMs: 1_000,
    signal,
  });
  marks.push(Date.now());
  let jobsAtKill: Job[] = [];
  let before: Record<string, number> = {};
  await Promise.all([
    system.killServer(async () => {
      jobsAtKill = await readJobs(control);
      before = await readCalls(control);
      log(`killed all workers and the server; down for ${downMs / 1000} s`);
      await sleep(downMs, undefined, { signal });
      await control.advance(hours * 3_600_000);
    }),
    first.killAll(),
  ]);
  await world.endHold();
  const second = await world.startWorkers();
  marks.push(Date.now());
  log(`back; the provider is ${hours} h older`);
  const ending = await untilEnded(world);
  marks.push(Date.now());
  const [begunAt = 0, boughtAt = 0, backAt = 0, endedAt = 0] = marks;
  const all = await readCalls(control);
  return {
    seconds: {
      bought: (boughtAt - begunAt) / 1000,
      down: (backAt - boughtAt) / 1000,
      ended: (endedAt - backAt) / 1000,
    },
    jobsAtKill,
    calls: {
      before,
      after: Object.fromEntries(Object.entries(all).map(([name, n]) => [name, n - (before[name] ?? 0)])),
    },
    selfEnded: [...first.selfEnded, ...second.selfEnded],
    ...ending,
  };
}

/** The most that a batch may have open at once. */
const MAX_WINDOW = 2_000;

/** A purchase whose answer is not in the journal yet would end as unknown, which is another bench's matter. */
async function areAllPaid({ control, journal, wanted }: OutageWorld): Promise<boolean> {
  const { totals, dataforseo } = await control.state();
  if (totals.jobs + dataforseo.totals.tasks < wanted.length) return false;
  const submissions = await journal.readAll();
  return submissions.filter(({ receipt }) => receipt).length >= wanted.length;
}

async function untilEnded({
  gleaner,
  wanted,
  signal,
  log,
}: OutageWorld): Promise<Pick<Outage, 'batch' | 'gaveUp'>> {
  const over = new AbortController();
  const { stalled } = followProgress({
    storeFolder: gleaner.store.location,
    total: wanted.length,
    signal: AbortSignal.any([signal, over.signal]),
    log,
    onLook: () => undefined,
    stallMs: STALL_MS,
  });
  try {
    return { batch: await Promise.race([gleaner.waitForBatch(BATCH_ID), stalled]) };
  } catch (error) {
    log(`given up: ${String(error)}`);
    return { gaveUp: String(error) };
  } finally {
    over.abort();
  }
}

/** Both providers' books. */
export async function readJobs(control: SimulatorControl): Promise<Job[]> {
  const { scrapellm, dataforseo } = SCALE_PROVIDERS;
  return [...(await scrapellm.jobs(control)), ...(await dataforseo.jobs(control))];
}

async function readCalls(control: SimulatorControl): Promise<Record<string, number>> {
  const { calls, dataforseo } = await control.state();
  return Object.fromEntries([...named('scrapellm', calls), ...named('dataforseo', dataforseo.calls)]);
}

function named(provider: string, counts: Record<string, number>): Array<[string, number]> {
  return Object.entries(counts).map(([call, count]) => [`${provider} ${call}`, count]);
}
