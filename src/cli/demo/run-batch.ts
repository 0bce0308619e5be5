import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchRecord } from '../../contracts/batch.ts';
import type { Gleaner } from '../../client/connect-gleaner.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { killBetweenPurchases, type Kill } from './kill.ts';
import type { PlainScript } from './plain-script.ts';
import type { Screen } from './screen.ts';
import { addUp, type EngineProgress, type Tracker } from './track.ts';

const LOOK_EVERY_MS = 400;

export interface BatchRun {
  gleaner: Gleaner;
  batchId: string;
  tracker: Tracker;
  worker: WorkerProcess;
  screen: Screen;
  /** Whether to kill the worker half-way through the buying. */
  kill: boolean;
  simulator?: Simulator;
  /** Called with the first purchase, so that both sides keep step. */
  startPlain?: () => PlainScript;
  /** The share of its answers that the plain script has bought. */
  plainShare?: () => number;
  /** Aborted when the demo is interrupted. */
  signal: AbortSignal;
}

export interface BatchEnd {
  record: BatchRecord;
  kill?: Kill;
  plain?: PlainScript;
}

const HALF = 0.5;
/** On a slow machine the plain script is ahead, and the kill has to hit both. */
const PLAIN_AHEAD = 0.6;
/** Where the plain script is behind it is waited for, but not until nothing is left to kill among. */
const PLAIN_BEHIND = 0.2;
const LATEST = 0.85;

/** Shows a batch until its end, and kills its worker half-way through the buying. */
export async function runBatch(run: BatchRun): Promise<BatchEnd> {
  const { tracker, screen, signal } = run;
  const startedMs = performance.now();
  let record: BatchRecord | undefined;
  let kill: Kill | undefined;
  let plain: PlainScript | undefined;
  const { client } = await run.gleaner.temporal();
  // A call that is still under way when the connection is closed would bring the process down.
  const ended = client
    .withAbortSignal(signal, () => run.gleaner.waitForBatch(run.batchId))
    .then((end) => (record = end));
  for (;;) {
    const last = record; // read before the look, so that the last look shows the end
    const engines = await tracker.look();
    signal.throwIfAborted(); // nothing is drawn over what an interrupt says
    screen.progress(engines, performance.now() - startedMs);
    if (last) {
      screen.end();
      return { record: last, ...(kill && { kill }), ...(plain && { plain }) };
    }
    const bought = shareBought(engines);
    if (bought > 0) plain ??= run.startPlain?.();
    if (run.kill && !kill && isMidway(engines, run.plainShare?.())) kill = await killWorker(run, plain);
    await Promise.race([ended, sleep(LOOK_EVERY_MS)]);
  }
}

function shareBought(engines: readonly EngineProgress[]): number {
  const { total, done, other, waiting } = addUp(engines);
  return (done + other + waiting) / total;
}

function isMidway(engines: readonly EngineProgress[], plainShare: number | undefined): boolean {
  if (addUp(engines).waiting === 0) return false;
  const share = shareBought(engines);
  if (plainShare === undefined) return share >= HALF;
  return (share >= HALF && plainShare >= PLAIN_BEHIND) || share >= LATEST || plainShare >= PLAIN_AHEAD;
}

async function killWorker(run: BatchRun, plain: PlainScript | undefined): Promise<Kill | undefined> {
  const { worker, tracker, screen, simulator } = run;
  const pid = worker.pid();
  if (pid === undefined) return undefined;
  const kill = await killBetweenPurchases(pid, async () => {
    const inFlight = simulator ? simulator.sim.summary().submitsInFlight : 0;
    const { waiting } = addUp(await tracker.look());
    return { buying: inFlight > 0 || (await tracker.hasOpenPurchase()), waiting };
  });
  const plainPid = plain?.pid();
  const restarting = plain?.killAndRestart();
  screen.say(`\nkill -9 ${pid}: the worker is gone, ${kill.waiting} scrapes are paid for and open.`);
  screen.say(kill.buying ? HIT_WHILE_BUYING : HIT_BETWEEN);
  await restarting;
  if (plain) {
    screen.say(`kill -9 ${plainPid}: the plain script at the same moment; started again (${plain.pid()}).`);
  }
  return kill;
}

const HIT_BETWEEN = `  It was hit between two purchases, so nothing is lost. In the middle of one,
  that scrape would end as "unknown" with its 3 credits named: ScrapeLLM cannot
  be asked whether it got an order, and Gleaner does not guess.`;
const HIT_WHILE_BUYING = `  It never paused between two purchases: the one on its way may end as
  "unknown", its 3 credits named, because ScrapeLLM cannot be asked about it.`;
