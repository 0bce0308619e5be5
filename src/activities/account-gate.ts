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
  /** There after a `stop`. */
  explained?: Array<(prices: PriceList) => boolean>;
}

/** `now`: a clock that only moves forward, milliseconds. */
export function createAccountGate(now: () => number, probeIntervalMs = 60_000): AccountGate {
  const blocks = new Map<string, Block>();
  return {
    probeIntervalMs,
    closed(account) {
      const block = blocks.get(account);
      if (!block) return undefined;
      const waitMs = block.probeAt - now();
      if (waitMs > 0)
        return { message: block.message, retryAfterMs: Math.min(waitMs, probeIntervalMs) + 100 };
      // This caller is the probe; the others wait for what it learns, or for a minute if it never tells.
      block.probeAt = now() + probeIntervalMs;
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
    report(account, blocked) {
      if (blocks.get(account)?.explained) return;
      if (blocked === undefined) blocks.delete(account);
      else blocks.set(account, { message: blocked, probeAt: now() + probeIntervalMs });
    },
  };
}
