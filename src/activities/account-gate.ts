import type { PriceList } from '../providers/provider.ts';

/**
 * Stops buying on an account that cannot pay or log in, after the first answer that says so: one probe a minute goes
 * through, everybody else waits without a call. Collecting is not affected. One gate per worker process; what it
 * remembers may be lost, since losing it costs one refused call.
 */
export interface AccountGate {
  /** Why nothing is sent now and when to ask again; undefined: go ahead. A caller that goes ahead must `report`. */
  closed(account: string): { message: string; retryAfterMs: number } | undefined;
  /** Why it was closed last, as long as nothing has opened it; the one who may go ahead all the same is the probe. */
  why(account: string): string | undefined;
  /** What the account said: `blocked` with its words closes the gate for a minute, anything else opens it. */
  report(account: string, blocked: string | undefined): void;
  /** An answer to a purchase hints at the account and proves nothing: the next one is made after a free call. */
  suspect(account: string, message: string): void;
  /**
   * A look at a task says that something is wrong with the account. It closes the gate until a free call says otherwise; from
   * then on it is something about this task, and closes nothing.
   */
  doubt(account: string, taskId: string, message: string): void;
  /** A free call says that the account works: hints count no more, and what was refused may be tried once. */
  cleared(account: string): void;
  /**
   * Ends the buying on an account: what it charges is more than what was reckoned with. `isExplainedBy`: whether that price
   * would have been reckoned with by other prices; without it nothing but a new process buys there again.
   */
  stop(account: string, message: string, isExplainedBy?: (prices: PriceList) => boolean): void;
  /** Whether it is such a price that keeps it closed. */
  isStopped(account: string): boolean;
  /** Opens it after a `stop` if these prices explain everything that was too dear; says whether they do. */
  resume(account: string, prices: PriceList): boolean;
  /** From one probe to the next, milliseconds. */
  readonly probeIntervalMs: number;
}

interface Block {
  message: string;
  probeAt: number;
  /** Nothing was refused: a free call is enough to open it. */
  isHint?: true;
  /** There after a `stop`. */
  explained?: Array<(prices: PriceList) => boolean>;
}

/** A hint is settled by a free call, which is over by then. */
const HINT_PROBE_MS = 15_000;

/** `now`: a clock that only moves forward, milliseconds. */
export function createAccountGate(now: () => number, probeIntervalMs = 60_000): AccountGate {
  const blocks = new Map<string, Block>();
  /** When a free call last said that an account works. */
  const clearedAt = new Map<string, number>();
  const doubted = new TaskBook();
  const harmless = new TaskBook();
  /** The account works, so what is wrong is something about the tasks that were doubted. */
  const acquit = (account: string): void => {
    for (const taskId of doubted.of(account)) harmless.add(account, taskId);
    doubted.forget(account);
  };
  return {
    probeIntervalMs,
    closed(account) {
      const block = blocks.get(account);
      if (!block) return undefined;
      const waitMs = block.probeAt - now();
      if (waitMs > 0)
        return { message: block.message, retryAfterMs: Math.min(waitMs, probeIntervalMs) + 100 };
      // This caller is the probe; the others wait for what it learns, or for a minute if it never tells.
      block.probeAt = now() + (block.isHint ? Math.min(HINT_PROBE_MS, probeIntervalMs) : probeIntervalMs);
      return undefined;
    },
    why: (account) => blocks.get(account)?.message,
    isStopped: (account) => blocks.get(account)?.explained !== undefined,
    stop(account, message, isExplainedBy) {
      const before = blocks.get(account);
      const explained = [...(before?.explained ?? []), isExplainedBy ?? (() => false)];
      // Prices can be asked for at once, but not once for every purchase that was under way.
      const probeAt = before?.explained ? before.probeAt : now();
      blocks.set(account, {
        message,
        probeAt: isExplainedBy ? probeAt : Number.POSITIVE_INFINITY,
        explained,
      });
    },
    resume(account, prices) {
      const isExplained = blocks.get(account)?.explained?.every((by) => by(prices)) ?? true;
      if (isExplained) blocks.delete(account);
      return isExplained;
    },
    suspect(account, message) {
      if (blocks.has(account)) return;
      // The first one is settled at once, but a provider that hints with every answer is not asked with every purchase.
      const probeAt = Math.max(now(), (clearedAt.get(account) ?? -Infinity) + probeIntervalMs);
      blocks.set(account, { message, probeAt, isHint: true });
    },
    doubt(account, taskId, message) {
      if (harmless.of(account).has(taskId)) return;
      doubted.add(account, taskId);
      // A gate that is closed stays closed for no longer by it: looks come every minute.
      if (!blocks.has(account)) {
        blocks.set(account, { message, probeAt: now() + probeIntervalMs, isHint: true });
      }
    },
    cleared(account) {
      clearedAt.set(account, now());
      acquit(account);
      if (blocks.get(account)?.isHint) blocks.delete(account);
    },
    report(account, blocked) {
      if (blocked === undefined) acquit(account);
      if (blocks.get(account)?.explained) return;
      if (blocked === undefined) blocks.delete(account);
      else blocks.set(account, { message: blocked, probeAt: now() + probeIntervalMs });
    },
  };
}

/** Tasks by account, the newest ones: an account that is blocked says so of every task that is looked at. */
class TaskBook {
  readonly #tasks = new Map<string, Set<string>>();

  of(account: string): ReadonlySet<string> {
    return this.#tasks.get(account) ?? NO_TASKS;
  }

  add(account: string, taskId: string): void {
    const tasks = this.#tasks.get(account) ?? new Set();
    this.#tasks.set(account, tasks.add(taskId));
    const [oldest] = tasks;
    if (tasks.size > MAX_TASKS && oldest !== undefined) tasks.delete(oldest);
  }

  forget(account: string): void {
    this.#tasks.delete(account);
  }
}

const MAX_TASKS = 10_000;
const NO_TASKS: ReadonlySet<string> = new Set();
