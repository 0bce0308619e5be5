import { createHash } from 'node:crypto';
import { randomStream, type Random } from '../random.ts';
import {
  CALLBACK_FAULTS,
  drawFaults,
  RESULT_FAULTS,
  TASK_FAULTS,
  type TaskFault,
  type TaskStep,
} from './faults.ts';
import type { DataForSeoKnobs } from './knobs.ts';
import { quote, unusedPagesMicros, type Quote } from './pricing.ts';
import type { Task } from './task.ts';
import { newTaskId } from './task-id.ts';
import type { Order } from './validate-task.ts';

/** Where and when a task is made. */
export interface Making {
  seed: string;
  login: string;
  nowMs: number;
  speed: number;
  knobs: DataForSeoKnobs;
  /** How many tasks of the same identity came before. */
  nth: number;
  step: TaskStep | undefined;
}

/** What becomes of a task, before it is known whether it is made. */
export interface Draw {
  faults: ReadonlySet<TaskFault>;
  quote: Quote;
  costMicros: number;
  random: Random;
}

/** Draws faults and price of an order from the seed, what is bought and the how-manieth it is. */
export function drawTask(order: Order, making: Making): Draw {
  const random = randomStream(making.seed, 'dataforseo task', identityOf(order), making.nth);
  const drawn = drawFaults(TASK_FAULTS, making.knobs.taskFaults, random);
  const quoted = quote(order, making.knobs.pricePercent[order.family.api]);
  const faults = new Set(making.step ? making.step.faults : drawn);
  if (faults.has('callback-early')) faults.delete('stuck'); // what is posted has ended
  const costMicros = faults.has('overcharged') ? 2 * quoted.totalMicros : quoted.totalMicros;
  return { faults, quote: quoted, costMicros, random };
}

/** Makes a task with everything that will ever be true of it. */
export function makeTask(order: Order, making: Making, draw: Draw): Task {
  const { knobs, nowMs, speed, step } = making;
  const { faults, random } = draw;
  const drawnMs = drawDuration(order, making, random);
  const durationMs = faults.has('callback-early') ? 0 : drawnMs;
  const pages = faults.has('no-results') ? 1 : pagesThere(draw.quote, random);
  const aiOverview = random.chance(knobs.aiOverviewRate);
  const spreadMs = knobs.searchLagSpreadMs > 0 ? random.between(0, knobs.searchLagSpreadMs) : 0;
  const lag = (fault: TaskFault, lateMs: number, usualMs: number) =>
    faults.has(fault) ? (step?.ms ?? lateMs) : usualMs;
  const endCode = endOf(faults);
  const listed = !faults.has('never-listed') && (endCode === 20_000 || knobs.failedTasksListed);
  const handedAtMs = Math.ceil(nowMs + durationMs * HANDED_AFTER);
  return {
    id: newTaskId(nowMs, order.family.idCodes.post),
    login: making.login,
    family: order.family.name,
    foreign: false,
    inFront: false,
    data: order.data,
    keyword: order.keyword,
    tag: order.tag,
    locationCode: order.locationCode,
    languageCode: order.languageCode,
    identity: identityOf(order),
    nth: making.nth,
    postedAtMs: nowMs,
    visibleAtMs: nowMs + lag('hidden', knobs.hiddenMs, 0),
    searchableAtMs: nowMs + spreadMs + lag('searched-late', knobs.searchedLateMs, knobs.searchLagMs / speed),
    searchedWithoutTag: faults.has('searched-without-tag'),
    handedAtMs,
    doneAtMs: faults.has('stuck') ? null : Math.ceil(nowMs + durationMs),
    listLagMs: listed ? lag('listed-late', knobs.listedLateMs, knobs.listLagMs / speed) : null,
    listedTwice: faults.has('listed-twice'),
    listedBeforePostback: faults.has('listed-before-postback'),
    endCode,
    costMicros: draw.costMicros,
    refundMicros: refundOf(order, draw, { knobs, pages, aiOverview, endCode }),
    refundDelayMs: faults.has('refund-withheld') ? null : knobs.refundDelayMs,
    pages,
    aiOverview,
    resultFaults: RESULT_FAULTS.filter((fault) => faults.has(fault)),
    callbackFaults: CALLBACK_FAULTS.filter((fault) => faults.has(fault)),
    callbackDelayMs: lag('callback-late', knobs.callbackLateMs, 0),
    minBytes: knobs.resultBytes,
    hostile: knobs.hostileText,
  };
}

/** Two orders with the same identity buy the same thing; tag, priority and callbacks are no part of it. */
export function identityOf({ family, data, keyword, locationCode, languageCode }: Order): string {
  const options = family.fields.map((name) => [name, data[name]]);
  const parts = [family.name, keyword, locationCode, languageCode, data.location_coordinate, options];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** The part of a task's life for which it waits in the queue; the rest is execution. */
const HANDED_AFTER = 0.4;

/** "Guaranteed" by the vendor's pages for normal priority; the same is assumed of high priority. */
const LONGEST_MS = 45 * 60_000;

function drawDuration(order: Order, { knobs, speed, step }: Making, random: Random): number {
  const high = order.data.priority === 2;
  const drawnMs = high
    ? random.logNormal(knobs.highMedianMs, knobs.highP95Ms)
    : random.logNormal(knobs.normalMedianMs, knobs.normalP95Ms);
  return step?.durationMs ?? knobs.durationMs ?? Math.min(drawnMs, LONGEST_MS) / speed;
}

function pagesThere(quoted: Quote, random: Random): number {
  // Most keywords have more pages than anybody asks for; some end early.
  const available = random.chance(0.7) ? 100 : random.between(1, 30);
  return Math.min(quoted.pages, available);
}

function endOf(faults: ReadonlySet<TaskFault>): Task['endCode'] {
  if (faults.has('engine-error')) return 40_101;
  if (faults.has('no-results')) return 40_102;
  return faults.has('execution-failed') ? 40_103 : 20_000;
}

function refundOf(
  order: Order,
  draw: Draw,
  {
    knobs,
    pages,
    aiOverview,
    endCode,
  }: Pick<Task, 'pages' | 'aiOverview' | 'endCode'> & { knobs: DataForSeoKnobs },
): number {
  if (endCode === 40_103) return knobs.refundExecutionFailed ? draw.costMicros : 0;
  // A failed engine is billed in full: dataforseo.com/help-center/what-does-the-40101-error-mean.
  if (endCode === 40_101) return 0;
  const paysBack =
    knobs.unusedPages === 'all' || (knobs.unusedPages === 'stated' && order.family.price.unusedPagesStated);
  const noOverview = endCode !== 20_000 || !aiOverview;
  return (
    (paysBack ? unusedPagesMicros(order, draw.quote, pages) : 0) +
    (noOverview ? draw.quote.aiOverviewMicros : 0) +
    // Where there is a page, it has questions to click on.
    (endCode !== 20_000 ? draw.quote.clickMicros : 0)
  );
}
