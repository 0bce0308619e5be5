import type { LedgerJob } from '../../simulator/ledger.ts';

/** What one side bought, by the provider's own books. */
export interface LedgerFacts {
  jobs: number;
  /** After refunds. */
  credits: number;
  /** Jobs bought although an earlier one for the same answer had not failed. */
  boughtTwice: number;
  /** Jobs bought because the provider itself had failed, and given the money back, before. */
  boughtAfterFailure: number;
  /** Answers that were made and paid for, and that the buyer does not have. */
  lost: number;
  lostCredits: number;
}

/** Reads a side's jobs; `collected` are the ids of those whose answers it has. */
export function readFacts(jobs: readonly LedgerJob[], collected: ReadonlySet<string>): LedgerFacts {
  const repeats = [...groupByQuestion(jobs).values()].flatMap(repeatsOf);
  const lost = jobs.filter((job) => job.outcome !== 'failed' && !collected.has(job.jobId));
  return {
    jobs: jobs.length,
    credits: sumCredits(jobs),
    boughtTwice: repeats.filter(({ needed }) => !needed).length,
    boughtAfterFailure: repeats.filter(({ needed }) => needed).length,
    lost: lost.length,
    lostCredits: sumCredits(lost),
  };
}

function repeatsOf(jobs: readonly LedgerJob[]): Array<{ needed: boolean }> {
  const inOrder = jobs.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  return inOrder.slice(1).map((_, i) => ({
    needed: inOrder.slice(0, i + 1).every(({ outcome }) => outcome === 'failed'),
  }));
}

function groupByQuestion(jobs: readonly LedgerJob[]): Map<string, LedgerJob[]> {
  const groups = new Map<string, LedgerJob[]>();
  for (const job of jobs) {
    const key = JSON.stringify([job.scraper, job.prompt, job.country, job.params]);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  return groups;
}

function sumCredits(jobs: readonly LedgerJob[]): number {
  return jobs.reduce((sum, { charged, refunded }) => sum + charged - refunded, 0);
}

/** Gleaner's own books in credits, and what the provider's say; `agree` is false if they contradict each other. */
export interface MoneyCheck {
  charged: number;
  refundExpected: number;
  possiblySpent: number;
  ledger: number;
  agree: boolean;
}

/** Holds Gleaner's records against the provider's ledger: a lost answer may or may not have cost its credits. */
export function checkMoney(
  own: Pick<MoneyCheck, 'charged' | 'refundExpected' | 'possiblySpent'>,
  ledger: number,
): MoneyCheck {
  const least = own.charged - own.refundExpected;
  return { ...own, ledger, agree: least <= ledger && ledger <= least + own.possiblySpent };
}
