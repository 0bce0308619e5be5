import { MAX_TIMER_MS } from '../send-reply.ts';
import { sendCallbacks } from './callback.ts';
import type { DataForSeo } from './dataforseo.ts';
import { DueQueue } from './due-queue.ts';
import { awaitsCallback } from './state.ts';
import type { Task } from './task.ts';

/** How many addresses are called at once; the vendor's number is not known. */
const AT_ONCE = 64;

/** Calls the clients' addresses when tasks end: the only part of the simulated vendor that has timers. */
export class CallbackRunner {
  readonly #dataforseo: DataForSeo;
  readonly #coming = new DueQueue<Task>();
  /** Due, waiting for one of those that are under way. */
  readonly #waiting: Task[] = [];
  readonly #underWay = new Set<string>();
  readonly #closing = new AbortController();
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | undefined;
  #active = 0;
  #nextStartMs = 0;

  constructor(dataforseo: DataForSeo) {
    this.#dataforseo = dataforseo;
    this.#stopListening = dataforseo.onEvent((event) => {
      // Whoever answers the POST makes the early ones.
      if (event.type === 'posted') {
        this.#expect(event.tasks.filter((task) => !task.callbackFaults.includes('callback-early')));
      }
      if (event.type === 'finished') {
        this.#expect(event.ids.flatMap((id) => dataforseo.state.tasks.get(id) ?? []));
      }
    });
    this.#expect([...dataforseo.state.tasks.values()]);
  }

  /** Calls back for a task at once, again if it was done before. */
  async callBack(task: Task): Promise<void> {
    this.#underWay.add(task.id);
    await sendCallbacks(this.#dataforseo, task, this.#closing.signal);
    this.#underWay.delete(task.id);
  }

  /** The same, without waiting for it. */
  callBackSoon(tasks: readonly Task[]): void {
    this.#waiting.push(...tasks);
    this.#pump();
  }

  /** Looks again at what is due: the clock was moved. */
  rearm(): void {
    clearTimeout(this.#timer);
    if (this.#closing.signal.aborted) return;
    const { state, clock } = this.#dataforseo;
    const due = this.#coming.takeDue(clock.nowMs());
    this.callBackSoon(due.filter((task) => awaitsCallback(state, task) && !this.#underWay.has(task.id)));
    const nextAtMs = this.#coming.nextAtMs;
    if (nextAtMs === undefined) return;
    this.#timer = setTimeout(
      () => this.rearm(),
      Math.min(Math.max(0, nextAtMs - clock.nowMs()), MAX_TIMER_MS),
    );
  }

  /** Ends calls under way and makes no more. */
  close(): void {
    this.#closing.abort();
    this.#stopListening();
    clearTimeout(this.#timer);
  }

  #expect(tasks: readonly Task[]): void {
    const awaiting = tasks.filter((task) => awaitsCallback(this.#dataforseo.state, task));
    for (const task of awaiting) this.#coming.add((task.doneAtMs ?? 0) + task.callbackDelayMs, task);
    if (awaiting.length > 0) this.rearm();
  }

  #pump(): void {
    while (this.#active < AT_ONCE && this.#waiting.length > 0 && !this.#closing.signal.aborted) {
      const task = this.#waiting.shift();
      if (task) void this.#run(task);
    }
  }

  async #run(task: Task): Promise<void> {
    this.#active += 1;
    this.#underWay.add(task.id);
    await this.#keepDistance();
    await this.callBack(task);
    this.#active -= 1;
    this.#pump();
  }

  /** Waits until the account's spacing since the last callback is over. */
  async #keepDistance(): Promise<void> {
    const spacingMs = this.#dataforseo.knobs.callbackSpacingMs;
    const nowMs = Date.now();
    const startMs = Math.max(nowMs, this.#nextStartMs);
    this.#nextStartMs = startMs + spacingMs;
    if (startMs > nowMs) await new Promise((resolve) => setTimeout(resolve, startMs - nowMs));
  }
}
