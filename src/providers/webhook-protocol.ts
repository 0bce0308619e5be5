import type { RefusalReason } from '../contracts/journal.ts';
import type { Charge } from '../contracts/money.ts';
import type { Scraper } from '../contracts/scrapers.ts';
import type { HttpReply, HttpRequest, ProviderAccount } from './provider.ts';

/** What a provider posts to us, and how it is asked to do so again. */
export interface WebhookProtocol {
  /**
   * The task and the mark that a posted body (unpacked) speaks of; undefined if it is none of the provider's. The body is
   * what a check of the task would have got, so `readCheck` reads it too.
   */
  readPostback(body: Uint8Array): Postback | undefined;
  /** Failed calls of scrapers with the same family are in one list. */
  familyOf(scraper: Scraper): string;
  /** Asks for posts that did not arrive, oldest first; `fromMs` is cut to whole seconds. */
  failedRequest(family: string, fromMs: number, account: ProviderAccount): HttpRequest;
  readFailed(reply: HttpReply): FailedCallbacks;
  /** Tasks of one `resendRequest`. */
  maxResends: number;
  /** Has the posts of these tasks made again; free. */
  resendRequest(taskIds: readonly string[], account: ProviderAccount): HttpRequest;
  readResend(reply: HttpReply): ResendAnswer;
}

export type FailedCallbacks =
  /** `url`: the address that was called; `failedAt`: ISO 8601, provider clock. `full`: there may be more. */
  | { kind: 'listed'; calls: Array<{ taskId: string; url: string; failedAt: string }>; full: boolean }
  | { kind: 'unavailable'; message: string; reason?: RefusalReason; retryAfterMs?: number };

export type ResendAnswer =
  /** `count`: how many of the tasks will be posted again. */
  | { kind: 'taken'; count: number }
  | { kind: 'unavailable'; message: string; reason?: RefusalReason; retryAfterMs?: number };

export interface Postback {
  taskId: string;
  tag: string;
  /** The form that was posted, if the body tells. */
  variant?: string;
  /** What the body says that the task cost; absent if it does not say. */
  charge?: Charge;
}
