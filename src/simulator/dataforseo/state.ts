import type { CallbackAttempt, DataForSeoEvent } from './events.ts';
import { familyOf, type Api, type Family, type Variant } from './families.ts';
import { makeForeignTasks } from './foreign.ts';
import { ReadyList } from './ready-list.ts';
import { pingbackUrl, postbackUrl, type Task } from './task.ts';
import { Wallets } from './wallets.ts';

/** What was done with a task. */
export interface Dealings {
  fetched: Record<Variant, number>;
  firstCollectedAtMs?: number;
  attempts: CallbackAttempt[];
  /** The vendor believes that it called back. */
  callbackSkipped: boolean;
  fixedAtMs?: number;
}

/** The simulated vendor's books. Changed by `apply` alone. */
export class DataForSeoState {
  readonly tasks = new Map<string, Task>();
  readonly wallets = new Wallets();
  /** Tasks of an identity so far. */
  readonly purchases = new Map<string, number>();
  /** Tasks that end without a result, for the list of errors. */
  readonly failing: Task[] = [];
  readonly failedCallbacks: CallbackAttempt[] = [];
  readonly fixed = new Set<Task>();
  readonly #dealings = new Map<string, Dealings>();
  readonly #lists = new Map<string, ReadyList>();
  readonly #posted = new Map<string, Task[]>();

  apply(event: DataForSeoEvent): void {
    switch (event.type) {
      case 'funded':
        return this.wallets.fund(event.login, event.micros);
      case 'posted':
        for (const task of event.tasks) this.#add(task);
        return;
      case 'foreign':
        for (const task of makeForeignTasks(event.post)) this.#add(task);
        return;
      case 'finished':
        for (const id of event.ids) this.#finish(id, event.atMs);
        return;
      case 'fetched':
        return this.#fetched(event);
      case 'called-back':
        return this.#calledBack(event.attempt);
      case 'callback-skipped':
        this.#of(event.id).callbackSkipped = true;
        return;
      case 'fixed':
        return this.#fix(event.id, event.atMs);
    }
  }

  /** Tasks of an account and API in the order of their posting. */
  posted(login: string, api: Api): readonly Task[] {
    return this.#posted.get(`${login} ${api}`) ?? [];
  }

  list(login: string, family: Family): ReadyList {
    const key = `${login} ${family.name}`;
    const list = this.#lists.get(key) ?? new ReadyList();
    this.#lists.set(key, list);
    return list;
  }

  dealings(id: string): Readonly<Dealings> {
    return this.#dealings.get(id) ?? NO_DEALINGS;
  }

  #add(task: Task): void {
    const family = familyOf(task.family);
    this.tasks.set(task.id, task);
    if (!task.foreign) this.purchases.set(task.identity, task.nth + 1);
    const key = `${task.login} ${family.api}`;
    const posted = this.#posted.get(key);
    if (posted) posted.push(task);
    else this.#posted.set(key, [task]);
    this.wallets.charge(task);
    if (task.endCode !== 20_000) this.failing.push(task);
    if (isListed(task)) this.#expect(task, task.doneAtMs);
  }

  #expect(task: Task, doneAtMs: number | null): void {
    if (task.listLagMs === null || doneAtMs === null) return;
    this.list(task.login, familyOf(task.family)).expect(task, doneAtMs + task.listLagMs);
  }

  #finish(id: string, atMs: number): void {
    const task = this.tasks.get(id);
    if (!task || task.doneAtMs === null || task.doneAtMs <= atMs) return;
    task.doneAtMs = atMs;
    task.handedAtMs = Math.min(task.handedAtMs, atMs);
    this.wallets.expectRefund(task);
    if (isListed(task)) this.#expect(task, atMs);
  }

  #fetched({ id, variant, atMs, collects }: Extract<DataForSeoEvent, { type: 'fetched' }>): void {
    const task = this.tasks.get(id);
    if (!task) return;
    const dealings = this.#of(id);
    dealings.fetched[variant] += 1;
    dealings.firstCollectedAtMs ??= atMs;
    if (collects) this.list(task.login, familyOf(task.family)).remove(id);
  }

  #calledBack(attempt: CallbackAttempt): void {
    const dealings = this.#of(attempt.id);
    const failedBefore = dealings.attempts.some((each) => each.kind === 'postback' && !each.ok);
    dealings.attempts.push(attempt);
    if (!attempt.ok) this.failedCallbacks.push(attempt);
    const task = this.tasks.get(attempt.id);
    if (!task || attempt.kind === 'pingback') return;
    if (attempt.ok) this.list(task.login, familyOf(task.family)).remove(task.id);
    else if (!failedBefore) this.#expect(task, attempt.atMs);
  }

  #fix(id: string, atMs: number): void {
    const task = this.tasks.get(id);
    if (!task) return;
    this.#of(id).fixedAtMs = atMs;
    this.fixed.add(task);
  }

  #of(id: string): Dealings {
    const known = this.#dealings.get(id);
    if (known) return known;
    const made: Dealings = { ...NO_DEALINGS, fetched: { ...NO_DEALINGS.fetched }, attempts: [] };
    this.#dealings.set(id, made);
    return made;
  }
}

/** Tasks with a postback are in the ready list only if it failed. */
function isListed(task: Task): boolean {
  return task.listedBeforePostback || postbackUrl(task) === undefined;
}

/** Whether the vendor still has to make a call for this task, which is made at least once. */
export function awaitsCallback(state: DataForSeoState, task: Task): boolean {
  const { attempts, callbackSkipped } = state.dealings(task.id);
  if (callbackSkipped || task.doneAtMs === null) return false;
  const isMissing = (kind: CallbackAttempt['kind']) => attempts.every((attempt) => attempt.kind !== kind);
  return (
    (postbackUrl(task) !== undefined && isMissing('postback')) ||
    (pingbackUrl(task) !== undefined && isMissing('pingback'))
  );
}

const NO_DEALINGS: Dealings = {
  fetched: { regular: 0, advanced: 0, html: 0 },
  attempts: [],
  callbackSkipped: false,
};
