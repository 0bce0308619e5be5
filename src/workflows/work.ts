import type { PageRow } from '../contracts/batch.ts';
import { addCharges, isFree } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { EndedScrape } from './tally.ts';

/** A scrape that is left to do. */
export interface Work {
  row: PageRow;
  /** Its share of the ceiling: the most that one purchase costs, or nothing while an earlier run's is to be collected. */
  bound: Charge;
  /** What it has cost so far. */
  spent: Charge;
  /** How it ended under its first share of the ceiling. */
  before?: EndedScrape;
  /** The batch was cancelled: only what an earlier run paid for is collected, and nothing is bought. */
  paidOnly?: boolean;
}

/** Limits of a scrape of which only what is paid is collected. */
export const PAID_ONLY = { maxCredits: 0, maxUsd: 0, maxSubmissions: 1 };

/** Whether this would be its first purchase, of which nobody has begun anything. */
export function isFresh({ row, before, paidOnly }: Work): boolean {
  return isFree(row.spent) && !before && !paidOnly;
}

/** What is left of a scrape after a cancel: nothing, unless an earlier run bought it and did not collect it. */
export function paidPart(work: Work): Work | undefined {
  if (isFree(work.spent) || work.before || work.paidOnly) return undefined;
  return { ...work, bound: {}, paidOnly: true };
}

/**
 * What an earlier run paid needs no money to be collected, so that a ceiling that is reached never leaves it behind. What a
 * retry is to buy once more needs its money at once, and stays what it was if there is none.
 */
export function toWork(row: PageRow): Work {
  const { retry, spent } = row;
  const isCollected = retry ? retry.owed === true : !isFree(spent);
  return { row, bound: isCollected ? {} : row.bound, spent, ...(retry?.before && { before: retry.before }) };
}

/** What its next purchase can cost; one that an earlier run paid for is only collected. */
export function inFlightBound({ row, bound, spent, paidOnly }: Work): Charge {
  return paidOnly || (!isFree(spent) && isFree(bound)) ? {} : row.bound;
}

export function spentBy(ended: EndedScrape): Charge {
  return addCharges(ended.charge, ended.possiblySpent);
}
