import type { Charge } from '../contracts/money.ts';

/** What an audit can find. The names are public: scripts read them. */
export const AUDIT_CODES = [
  /** A task at the provider carries our mark, and the journal has no such submission. */
  'orphan',
  /** More than one paid task for one submission, or a further submission without a reason. */
  'duplicate',
  /** The provider shows a purchase of which the journal says that it is unknown, refused or absent. */
  'lost-purchase',
  /** Paid and not stored, and nobody is at it. */
  'uncollected',
  /** Paid, and nobody collected it in time. */
  'expired',
  /** The provider charged something else than the receipt says. */
  'price-difference',
  /** The provider documents that it gives this back, and its list does not show that it did. */
  'refund-owed',
  /** No outcome, and no workflow that would bring one. */
  'terminated',
  /** A batch that ended from outside has scrapes that nobody began. */
  'never-started',
  /** A receipt names a task that the provider's list does not show. */
  'not-listed',
  'receipt-missing',
  'verdict-missing',
  /** The record knows of more submissions than the journal. */
  'journal-missing',
  'record-missing',
  'record-differs',
  /** A batch's own record is not the sum over its scrapes' records. */
  'batch-differs',
  /** A stored result is not there, or not what was collected. */
  'result-damaged',
  /** Something in the store cannot be read. */
  'store-damaged',
  /** A provider that could have been asked was not, or not in whole. */
  'not-checked',
] as const;
export type AuditCode = (typeof AUDIT_CODES)[number];

/** One thing that is off. */
export interface AuditFinding {
  code: AuditCode;
  scrapeId?: string;
  /** Only of what is about a batch as a whole. */
  batchId?: string;
  /** The submission. */
  n?: number;
  /** Only of providers where a task's id alone opens nothing. */
  taskId?: string;
  /** The money that it is about. */
  charge: Charge;
  /** What is wrong, with which scrape, and what it cost; one sentence. */
  message: string;
  /** What to do about it. */
  next: string;
}
