import type { Answer } from '../contracts/answer.ts';
import type { RefusalReason } from '../contracts/journal.ts';
import type { Charge } from '../contracts/money.ts';
import type { PollPlan } from '../contracts/poll-plan.ts';
import type { ScrapeRequest } from '../contracts/scrape.ts';
import type { ProviderName, Scraper } from '../contracts/scrapers.ts';

/**
 * A provider is pure: it builds requests and reads replies, and never calls, waits, retries or remembers. The one HTTP
 * transport (`http.ts`) sends; activities decide what follows. So one adapter is tested without a network, and the
 * question "was it bought?" is answered in one place for all of them.
 */
export interface Provider {
  readonly name: ProviderName;
  /** One row a scraper: prices, parameters, markets, times. */
  readonly scrapers: Partial<Record<Scraper, ScraperSpec>>;
  /** What the account's calls may be at most; the worker turns them into queue limits. */
  readonly limits: { submitsPerSecond: number; readsPerSecond: number };
  /** Everything wrong with a request, before anything is bought. */
  validate(request: ScrapeRequest): Problem[];
  /** The most that one submission can cost. */
  priceBound(request: ScrapeRequest): Charge;
  /** When to look at it; `timeScale` divides all times but retention (a simulator may run faster than life). */
  pollPlan(request: ScrapeRequest, timeScale: number): PollPlan;
  submitRequest(request: ScrapeRequest, account: ProviderAccount, tag: string): HttpRequest;
  /** Reads the answer to a submit. Anything not documented as a refusal is `unknown`. */
  readSubmit(reply: HttpReply, request: ScrapeRequest): SubmitAnswer;
  checkRequest(task: BoughtTask, account: ProviderAccount): HttpRequest;
  /** Reads the answer to a look at `taskId`; a body about another task says nothing (`unavailable`). */
  readCheck(reply: HttpReply, taskId: string): CheckAnswer;
  /** A free call that tells as much of the account as can be told without a purchase. */
  probeRequest(account: ProviderAccount): HttpRequest;
  readProbe(reply: HttpReply): ProbeAnswer;
  /** Makes an answer of a stored raw body; throws if there is neither text nor products in it. */
  normalize(body: Uint8Array, request: ScrapeRequest): Answer;
}

/** What a provider needs to be asked for a task that it took. */
export interface BoughtTask {
  taskId: string;
  scraper: Scraper;
}

export interface ScraperSpec {
  /** Longest prompt in Unicode code points. */
  maxPromptChars: number;
  /** Countries that the scraper refuses, ISO 3166-1 alpha-2. */
  refusedCountries: readonly string[];
  params: Record<string, ParamSpec>;
  price: Charge;
  /** Priors of the time from purchase to answer, milliseconds, with their source in the table's comment. */
  typical: { p20Ms: number; p50Ms: number; p99Ms: number };
  retentionMs: number;
}

export type ParamSpec = { description: string } & (
  | { type: 'boolean' }
  | { type: 'number'; min: number; max: number }
  | { type: 'string'; values: readonly string[] }
);

/** One wrong thing about an input, naming the field: `prompt`, `market`, `params.mode`. */
export interface Problem {
  field: string;
  message: string;
}

/** A credential with its endpoint. `secret` never leaves the provider's request builder. */
export interface ProviderAccount {
  name: string;
  baseUrl: string;
  secret: string;
  simulated: boolean;
  /** How many times faster than life the other side runs; 1 but for a simulator. */
  timeScale: number;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface HttpReply {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** The server's `Date` header, milliseconds since the epoch; our own clock if it sent none. */
  serverTimeMs: number;
}

export type SubmitAnswer =
  | { kind: 'accepted'; taskId: string; charge: Charge; submittedAt: string }
  | { kind: 'refused'; reason: RefusalReason; message: string; retryAfterMs?: number }
  | { kind: 'unknown'; message: string };

export type CheckAnswer =
  | { kind: 'pending' }
  | { kind: 'ready'; empty: boolean; readyAt?: string; charge: Charge }
  /** Ended without a result. `resubmit`: a fresh submission may succeed. */
  | { kind: 'failed'; message: string; refundExpected: boolean; resubmit: boolean; readyAt?: string }
  /** The provider does not know the task: expired if it is past retention, else perhaps not known yet. */
  | { kind: 'missing'; message: string }
  /** Says nothing about the task; look again. */
  | { kind: 'unavailable'; message: string; retryAfterMs?: number };

/** What a free call said of an account; `message` goes on from the endpoint's address, such as "answers". */
export interface ProbeAnswer {
  kind: 'ok' | 'blocked' | 'unclear';
  message: string;
}
