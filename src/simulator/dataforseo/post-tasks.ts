import { readElements, refuse, type Answer, type Desk, type VendorCall } from './desk.ts';
import { taskEntry, type TaskEntry } from './envelope.ts';
import { familyData } from './desk.ts';
import type { Family } from './families.ts';
import { drawTask, identityOf, makeTask } from './make-task.ts';
import { pingbackUrl, postbackUrl, type Task } from './task.ts';
import { newTaskId } from './task-id.ts';
import { validateTask } from './validate-task.ts';

/** "No more than 100 tasks" in a call; docs.dataforseo.com/v3/serp/google/organic/task_post. */
const MAX_TASKS = 100;

/** `POST /v3/{family}/task_post`: makes and charges each task that is valid and within the hundred. */
export function postTasks(desk: Desk, family: Family, call: VendorCall): Answer {
  const read = readElements(call.body);
  if (read.kind === 'refused') return read;
  const batch = new Batch(desk, family, call);
  const tasks = read.elements.map((element, index) =>
    index < MAX_TASKS ? batch.consider(element) : batch.reject(40_006, undefined, element),
  );
  if (batch.cannotPay) return desk.knobs.noFunds === 'http-402' ? refuse(40_200, 402) : refuse(40_210);
  if (batch.made.length > 0) desk.record({ type: 'posted', tasks: batch.made });
  const early = batch.made.filter(
    (task) => task.callbackFaults.includes('callback-early') && callsBack(task),
  );
  return { kind: 'tasks', tasks, ...(early.length > 0 && { callBackBefore: early }) };
}

function callsBack(task: Task): boolean {
  return postbackUrl(task) !== undefined || pingbackUrl(task) !== undefined;
}

/** The tasks of one call, none of which exists before all of them are looked at. */
class Batch {
  readonly made: Task[] = [];
  /** The account cannot pay for all of them, and the vendor says so of the call as a whole. */
  cannotPay = false;
  readonly #desk: Desk;
  readonly #family: Family;
  readonly #call: VendorCall;
  readonly #nowMs: number;
  readonly #counts = new Map<string, number>();
  #balance: number;

  constructor(desk: Desk, family: Family, call: VendorCall) {
    this.#desk = desk;
    this.#family = family;
    this.#call = call;
    this.#nowMs = desk.clock.nowMs();
    this.#balance = desk.state.wallets.balance(call.login, this.#nowMs);
  }

  consider(element: unknown): TaskEntry {
    const desk = this.#desk;
    const validated = validateTask(this.#family, element);
    if (!validated.ok) return this.reject(validated.code, validated.message, element);
    const { order } = validated;
    const marks = {
      tags: order.tag === '' ? [] : [order.tag],
      keywords: [order.keyword],
      family: this.#family.name,
    };
    const identity = identityOf(order);
    const nth = this.#counts.get(identity) ?? desk.state.purchases.get(identity) ?? 0;
    const making = {
      seed: desk.seed,
      login: this.#call.login,
      nowMs: this.#nowMs,
      speed: desk.speed,
      knobs: desk.knobs,
      nth,
      step: desk.scripts.nextTask(marks),
    };
    const draw = drawTask(order, making);
    for (const fault of draw.faults) {
      desk.traffic.faults.note(desk.clock.wallMs(), 'task', fault, [order.keyword]);
    }
    if (draw.faults.has('rejected'))
      return this.reject(making.step?.code ?? 40_501, making.step?.message, element);
    if (this.#balance < draw.costMicros) {
      this.cannotPay ||= desk.knobs.noFunds !== 'task-40210';
      return this.reject(40_210, undefined, element);
    }
    const task = makeTask(order, making, draw);
    this.#balance -= task.costMicros;
    this.#counts.set(identity, nth + 1);
    this.made.push(task);
    return taskEntry({
      id: task.id,
      code: 20_100,
      costMicros: task.costMicros,
      path: this.#call.path,
      data: echo(desk, task.data),
    });
  }

  /** What becomes of a rejected task's id and echo is not documented: it has both here, and costs nothing. */
  reject(code: number, message: string | undefined, element: unknown): TaskEntry {
    const posted = element !== null && typeof element === 'object' && !Array.isArray(element) ? element : {};
    return taskEntry({
      id: newTaskId(this.#nowMs, this.#family.idCodes.post),
      code,
      message,
      path: this.#call.path,
      data: { ...familyData(this.#family, 'task_post'), ...posted },
    });
  }
}

/** The echo of posted fields; the vendor's samples show `priority` as a number and as a text. */
export function echo(desk: Desk, data: Record<string, unknown>): Record<string, unknown> {
  const { priority } = data;
  return desk.knobs.priorityAsText && typeof priority === 'number'
    ? { ...data, priority: String(priority) }
    : data;
}
