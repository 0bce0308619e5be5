import type { Failure } from './failures.ts';
import type { Charge } from './money.ts';
import type { PollPlan } from './poll-plan.ts';
import type { ResultRef, ScrapeRef, ScrapeRequest } from './scrape.ts';

/**
 * The journal: what was written around every submission. Entries are only ever created exclusively, never overwritten
 * or deleted. A submission has tries: a try that was refused or never sent bought nothing, and the next one follows.
 */
export interface SubmissionKey {
  scrapeId: string;
  /** The n-th attempt to buy this scrape, from 1. */
  n: number;
}

/** Written before the request. An intent alone means: it may have been sent. */
export interface Intent extends SubmissionKey {
  try: number;
  /** The submission's provider-visible mark. */
  tag: string;
  /** SHA-256 of the request, hex. */
  fingerprint: string;
  ref: ScrapeRef;
  request: ScrapeRequest;
  /** The account and endpoint that every later call of this scrape must use. */
  account: string;
  endpoint: string;
  /** Whose list of purchases the key opened that it was sent with, where the provider has one; no secret. */
  owner?: string;
  /** The most this submission can cost. */
  bound: Charge;
  /** Tells our own exclusive creation from somebody else's when the answer to it was lost. */
  nonce: string;
  createdAt: string;
  /** The request is not begun after this, ISO 8601. */
  sendBy: string;
  /** Nobody can still be writing a receipt after this: `sendBy` + HTTP timeout + 30 s. */
  settledBy: string;
  /**
   * Set when a cancel took this try's place so that nobody can begin it any more, not even an attempt that was frozen
   * when the cancel came. Nothing was sent; the next try may buy.
   */
  withdrawn?: boolean;
  /** The line of the account's cap log that reserved its bound; only where the account has a cap. */
  grant?: string;
  /** The number of the retry that buys it: its parameters may be others than those of the submissions before. */
  retry?: number;
}

/** This try bought nothing: the provider refused it with a documented answer, or the request never left. */
export interface Refused extends SubmissionKey {
  try: number;
  reason: RefusalReason;
  message: string;
  at: string;
  retryAfterMs?: number;
}

/** The provider took the task. */
export interface Receipt extends SubmissionKey {
  try: number;
  taskId: string;
  account: string;
  endpoint: string;
  charge: Charge;
  /** The charge is from a list that was read after the task's end: what was given back may be off it already. */
  listedAtEnd?: true;
  /** When the provider took it, on the provider's clock. */
  submittedAt: string;
  plan: PollPlan;
  /**
   * The forms of the result to collect, where the provider has several: the first is the scrape's result, the others are
   * kept beside it. Absent means the provider's default form alone.
   */
  variants?: string[];
}

/** Nobody can tell whether this submission bought something. A late receipt outranks it. */
export interface Unknown extends SubmissionKey {
  message: string;
  possiblySpent: Charge;
  at: string;
  /** The other end of the doubt, of which there is one: the provider's list proves that nothing was bought. */
  absent?: boolean;
}

/** A further purchase under the mark of a submission that has a receipt: paid for nothing, and on record. */
export interface Duplicate extends SubmissionKey {
  taskId: string;
  charge: Charge;
  /** When the provider took it, on the provider's clock. */
  submittedAt: string;
}

/** The end of a submission that has a receipt. */
export interface Verdict extends SubmissionKey {
  outcome: 'done' | 'empty' | 'failed' | 'expired';
  charge: Charge;
  refundExpected: Charge;
  at: string;
  readyAt?: string;
  result?: ResultRef;
  failure?: Failure;
  /** Failed in a way that another purchase would share. */
  final?: boolean;
}

/** Everything the journal holds of one submission. Only the last try is open or refused; earlier ones were refused. */
export interface Submission extends SubmissionKey {
  /** The last try's intent. */
  intent: Intent;
  /** The last try's refusal, if it was refused. */
  refused?: Refused;
  receipt?: Receipt;
  unknown?: Unknown;
  verdict?: Verdict;
  duplicates?: Duplicate[];
}

/** A submission of which nobody knows yet whether it bought something; what reconciling it takes. */
export interface OpenSubmission {
  n: number;
  /** As in its intent. */
  settledBy: string;
  bound: Charge;
}

/** What a provider's refusal means, in our words. One table (activities/failure-table.ts) says what follows from each. */
export const REFUSAL_REASONS = [
  /** The request did not leave this machine. */
  'not-sent',
  /** Too many calls on this key. */
  'rate-limited',
  /** The provider is overloaded or warming up. */
  'busy',
  /** The key is missing, wrong or revoked. */
  'auth',
  /** Nothing left to pay with. */
  'no-funds',
  /** The account is blocked for another reason. */
  'blocked',
  /** The request itself is wrong and will stay so. */
  'rejected',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
