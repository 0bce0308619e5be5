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
  plain?: PlainScript;
  /** Aborted when the demo is interrupted. */
  signal: AbortSignal;
}

export interface BatchEnd {
  record: BatchRecord;
  kill?: Kill & { waiting: number };
}

/** Shows a batch until its end, and kills its worker half-way through the buying. */
export async function runBatch(run: BatchRun): Promise<BatchEnd> {
  const { tracker, screen, signal } = run;
  const startedMs = performance.now();
  let record: BatchRecord | undefined;
  let kill: BatchEnd['kill'];
  const ended = run.gleaner.waitForBatch(run.batchId).then((end) => (record = end));
  for (;;) {
    signal.throwIfAborted();
    const last = record; // read before the look, so that the last look shows the end
    const engines = await tracker.look();
    screen.progress(engines, performance.now() - startedMs);
    if (last) {
      screen.end();
      return { record: last, ...(kill && { kill }) };
    }
    if (run.kill && !kill && isHalfBought(engines)) kill = await killWorker(run);
    await Promise.race([ended, sleep(LOOK_EVERY_MS)]);
  }
}

function isHalfBought(engines: readonly EngineProgress[]): boolean {
  const { total, done, other, waiting } = addUp(engines);
  return waiting > 0 && 2 * (done + other + waiting) >= total;
}

async function killWorker(run: BatchRun): Promise<BatchEnd['kill']> {
  const { worker, tracker, screen, simulator, plain } = run;
  const pid = worker.pid();
  if (pid === undefined) return undefined;
  const kill = await killBetweenPurchases(pid, async () => {
    const inFlight = simulator ? simulator.sim.summary().submitsInFlight : 0;
    return inFlight > 0 || (await tracker.hasOpenPurchase());
  });
  const plainPid = plain?.pid();
  await plain?.killAndRestart();
  const { waiting } = addUp(await tracker.look());
  screen.say(
    `\nkill -9 ${pid}: the worker is gone. ${waiting} scrapes are paid for and open. ` +
      (kill.betweenPurchases
        ? 'It was hit between two purchases, so nothing is lost.\n' +
          '  In the middle of one, that one scrape would end as "unknown" with its 3 credits named:\n' +
          '  ScrapeLLM cannot be asked whether it got the order, and Gleaner does not guess.'
        : 'It never paused between two purchases, so one scrape may end as "unknown".'),
  );
  if (plain) {
    screen.say(`kill -9 ${plainPid}: the plain script, at the same moment; started again as ${plain.pid()}.`);
  }
  return { ...kill, waiting };
}
