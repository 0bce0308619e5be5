import type { PagePurchase } from '../contracts/page-purchase.ts';

/**
 * What is wrong with `input.bought`, if anything. A partition writes it; whoever types it gets at most what the journal
 * has, since the activities read that before they believe it. This stops what would break workflow code, and the input of
 * one scrape under the id of another.
 */
export function boughtProblem(value: unknown, scrapeId: string): string | undefined {
  const bought = asFields(value);
  switch (bought['kind'] as PagePurchase['kind']) {
    case 'receipt':
      return answerProblem(bought['receipt'], scrapeId) ?? receiptProblem(asFields(bought['receipt']));
    case 'refused':
      return answerProblem(bought['refused'], scrapeId) ?? refusedProblem(bought);
    case 'unknown':
      return openProblem(asFields(bought['open']));
    default:
      return 'expected a purchase as a partition writes it; leave it out to buy the scrape';
  }
}

type Fields = Record<string, unknown>;

function answerProblem(value: unknown, scrapeId: string): string | undefined {
  const answer = asFields(value);
  if (answer['scrapeId'] !== scrapeId) {
    return `it is the purchase of ${JSON.stringify(answer['scrapeId'])}, not of ${scrapeId}; leave it out to buy the scrape`;
  }
  return isWhole(answer['n']) && isWhole(answer['try'])
    ? undefined
    : 'n and try: expected whole numbers from 1';
}

const PLAN_TIMES = ['firstMs', 'gapMs', 'wideAfterMs', 'wideGapMs', 'retentionMs'];

function receiptProblem(receipt: Fields): string | undefined {
  const plan = asFields(receipt['plan']);
  if (typeof receipt['taskId'] !== 'string') return 'receipt.taskId: expected text';
  if (!isTime(receipt['submittedAt'])) return 'receipt.submittedAt: expected a time';
  return PLAN_TIMES.every((time) => Number.isFinite(plan[time])) ? undefined : 'receipt.plan: expected times';
}

function refusedProblem({ refused, failure }: Fields): string | undefined {
  const { retryAfterMs, message } = asFields(refused);
  if (typeof message !== 'string') return 'refused.message: expected text';
  if (retryAfterMs !== undefined && !Number.isFinite(retryAfterMs))
    return 'refused.retryAfterMs: expected a number';
  if (failure === undefined) return undefined;
  const { type, message: why } = asFields(failure);
  return typeof type === 'string' && typeof why === 'string'
    ? undefined
    : 'failure: expected type and message';
}

function openProblem({ n, settledBy }: Fields): string | undefined {
  return isWhole(n) && isTime(settledBy) ? undefined : 'open: expected n and the time settledBy';
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}; // any object can be read this way
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && Number.isFinite(Date.parse(value));
}
