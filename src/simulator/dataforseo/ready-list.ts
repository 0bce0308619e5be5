import { DueQueue } from './due-queue.ts';
import { isDone, type Task } from './task.ts';

/** A task stays in the lists this long after its end. */
const LISTED_FOR_MS = 3 * 24 * 3_600_000;

/**
 * The completed and not collected tasks of one account and family. Tasks wait in a queue by the time at which they come
 * to the list, so that asking for the list costs what is in the answer, however many tasks there are.
 */
export class ReadyList {
  readonly #coming = new DueQueue<Task>();
  readonly #front = new Map<string, Task>();
  readonly #listed = new Map<string, Task>();
  readonly #gone = new Set<string>();

  /** The task will come to the list at this time, unless it is collected before. */
  expect(task: Task, atMs: number): void {
    this.#coming.add(atMs, task);
  }

  remove(id: string): void {
    this.#front.delete(id);
    this.#listed.delete(id);
    this.#gone.add(id);
  }

  /** The first entries, oldest first, those in front before all others. */
  first(nowMs: number, limit: number): Task[] {
    for (const task of this.#coming.takeDue(nowMs)) {
      if (this.#gone.has(task.id)) continue;
      (task.inFront ? this.#front : this.#listed).set(task.id, task);
    }
    const rows: Task[] = [];
    for (const map of [this.#front, this.#listed]) {
      for (const task of map.values()) {
        if (rows.length >= limit) return rows;
        if (!isListedStill(task, nowMs)) this.remove(task.id);
        else for (let copy = 0; copy < (task.listedTwice ? 2 : 1); copy++) rows.push(task);
      }
    }
    return rows.slice(0, limit);
  }
}

function isListedStill(task: Task, nowMs: number): boolean {
  return isDone(task, nowMs) && nowMs < (task.doneAtMs ?? 0) + LISTED_FOR_MS;
}
