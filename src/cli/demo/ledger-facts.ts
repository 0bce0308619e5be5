import type { LedgerTask } from '../../simulator/dataforseo/ledger.ts';
import type { LedgerJob } from '../../simulator/ledger.ts';

/** What one side bought, by the provider's own books. Money is in its own unit: credits, or micro-dollars. */
export interface LedgerFacts {
  jobs: number;
  /** After refunds. */
  cost: number;
  /** Jobs bought although an earlier one for the same answer had not failed. */
  boughtTwice: number;
  /** Jobs bought because the provider itself had failed, and given the money back, before. */
  boughtAfterFailure: number;
  /** Answers that were made and paid for, and that the buyer does not have. */
  lost: number;
  lostCost: number;
}

/** Reads a side's jobs at ScrapeLLM; `collected` are the ids of those whose answers it has. */
export function readFacts(jobs: readonly LedgerJob[], collected: ReadonlySet<string>): LedgerFacts {
  return factsOf(
    jobs.map(({ jobId, scraper, prompt, country, params, createdAt, outcome, charged, refunded }) => ({
      id: jobId,
      question: JSON.stringify([scraper, prompt, country, params]),
      atMs: Date.parse(createdAt),
      failed: outcome === 'failed',
      cost: charged - refunded,
    })),
    collected,
  );
}

/** Failures that may be bought again: the search engine's, and the vendor's own (codes 40101 and 40103). */
const FAILED_CODES = [40101, 40103];

/** Reads tasks at DataForSEO; those of others on the account are nobody's business here. */
export function readTaskFacts(tasks: readonly LedgerTask[], collected: ReadonlySet<string>): LedgerFacts {
  return factsOf(
    tasks
      .filter(({ foreign }) => !foreign)
      .map(({ id, family, keyword, postedAt, code, chargedMicros, refundedMicros }) => ({
        id,
        question: JSON.stringify([family, keyword]),
        atMs: Date.parse(postedAt),
        failed: FAILED_CODES.includes(code),
        cost: chargedMicros - refundedMicros,
      })),
    collected,
  );
}

interface Bought {
  id: string;
  /** Equal for what is asked of the same scraper in the same way. */
  question: string;
  atMs: number;
  /** The provider gave no answer. */
  failed: boolean;
  cost: number;
}

function factsOf(bought: readonly Bought[], collected: ReadonlySet<string>): LedgerFacts {
  const repeats = [...groupByQuestion(bought).values()].flatMap(repeatsOf);
  const lost = bought.filter(({ failed, id }) => !failed && !collected.has(id));
  return {
    jobs: bought.length,
    cost: sumCost(bought),
    boughtTwice: repeats.filter(({ needed }) => !needed).length,
    boughtAfterFailure: repeats.filter(({ needed }) => needed).length,
    lost: lost.length,
    lostCost: sumCost(lost),
  };
}

function repeatsOf(bought: readonly Bought[]): Array<{ needed: boolean }> {
  const inOrder = bought.toSorted((a, b) => a.atMs - b.atMs);
  return inOrder.slice(1).map((_, i) => ({ needed: inOrder.slice(0, i + 1).every(({ failed }) => failed) }));
}

function groupByQuestion(bought: readonly Bought[]): Map<string, Bought[]> {
  const groups = new Map<string, Bought[]>();
  for (const one of bought) groups.set(one.question, [...(groups.get(one.question) ?? []), one]);
  return groups;
}

function sumCost(bought: readonly Bought[]): number {
  return bought.reduce((sum, { cost }) => sum + cost, 0);
}

/** Gleaner's own books in one currency, and what the provider's say; `agree` is false if they contradict each other. */
export interface MoneyCheck {
  charged: number;
  refundExpected: number;
  possiblySpent: number;
  ledger: number;
  agree: boolean;
}

/** Holds Gleaner's records against the provider's ledger: a lost answer may or may not have cost its price. */
export function checkMoney(
  own: Pick<MoneyCheck, 'charged' | 'refundExpected' | 'possiblySpent'>,
  ledger: number,
): MoneyCheck {
  const least = own.charged - own.refundExpected;
  return { ...own, ledger, agree: least <= ledger && ledger <= least + own.possiblySpent };
}
