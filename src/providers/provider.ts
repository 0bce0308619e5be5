import type { Answer } from '../contracts/answer.ts';
import type { RefusalReason } from '../contracts/journal.ts';
import type { Charge } from '../contracts/money.ts';
import type { PollPlan } from '../contracts/poll-plan.ts';
import type { Params, ScrapeRequest } from '../contracts/scrape.ts';
import type { ProviderName, Scraper } from '../contracts/scrapers.ts';
import type { WebhookProtocol } from './webhook-protocol.ts';

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
  readonly limits: ProviderLimits;
  /** Everything wrong with a request, before anything is bought. */
  validate(request: ScrapeRequest): Problem[];
  /** The most that one submission can cost; by documented prices, raised by `prices` where the account's own are higher. */
  priceBound(request: ScrapeRequest, prices?: PriceList): Charge;
  /** Every price that its documentation can be read to ask for a request; without it the bound is the only one. */
  possiblePrices?(request: ScrapeRequest): readonly Charge[];
  /** When to look at it; `timeScale` divides all times but retention (a simulator may run faster than life). */
  pollPlan(request: ScrapeRequest, timeScale: number): PollPlan;
  /**
   * The forms of the result that a request asks for, where the provider has several. The first is the scrape's result and
   * the one that `normalize` reads; each is collected by a `checkRequest` of its own.
   */
  variants?(request: ScrapeRequest): readonly ResultVariant[];
  submitRequest(
    request: ScrapeRequest,
    account: ProviderAccount,
    tag: string,
    callbacks?: Callbacks,
  ): HttpRequest;
  /** Reads the answer to a submit. Anything not documented as a refusal is `unknown`. */
  readSubmit(reply: HttpReply, request: ScrapeRequest, tag: string): SubmitAnswer;
  checkRequest(task: BoughtTask, account: ProviderAccount): HttpRequest;
  /** Reads the answer to a look at a task; a body about another task says nothing (`unavailable`). */
  readCheck(reply: HttpReply, task: BoughtTask): CheckAnswer;
  /** What the provider documents to give back of the charge for a finished task, by its result; without it, nothing. */
  expectedRefund?(body: Uint8Array, request: ScrapeRequest): Charge;
  /** The most that it documents to give back of a charge without telling anybody but in its list of purchases. */
  mayGiveBack?(request: ScrapeRequest): Charge;
  /** The free call tells whether the account can buy; without it only a purchase does. */
  readonly probeTellsFunds?: true;
  /** A free call that tells as much of the account as can be told without a purchase. */
  probeRequest(account: ProviderAccount): HttpRequest;
  readProbe(reply: HttpReply): ProbeAnswer;
  /** The account's own prices out of the answer to the same call, where it tells them; undefined if it does not. */
  readPrices?(reply: HttpReply): PriceList | undefined;
  /** Buys many tasks in one call, where the provider takes them. */
  readonly pages?: PageProtocol;
  /** Lists of finished tasks, where the provider has them: one call tells of many scrapes. */
  readonly readyLists?: ReadyListProtocol;
  /** A list of what was bought, where the provider has one: it settles a purchase whose answer was lost. */
  readonly search?: SearchProtocol;
  /** Calls of the provider's to us, where it makes them. */
  readonly webhooks?: WebhookProtocol;
  /** Makes an answer of a stored raw body; throws if there is neither text nor products nor ranks in it. */
  normalize(body: Uint8Array, request: ScrapeRequest): Answer;
}

/** What a provider needs to be asked for a task that it took. */
export interface BoughtTask {
  taskId: string;
  scraper: Scraper;
  /** Which form of the result to ask for; absent means the provider's default. */
  variant?: string;
}

/** A form in which a provider keeps a task's result. */
export interface ResultVariant {
  /** The provider's word for it, such as `html`. */
  name: string;
  /** How long after the purchase it can be had. */
  retentionMs: number;
}

interface ProviderLimits {
  submitsPerSecond: number;
  readsPerSecond: number;
  /** Calls in flight at once over all worker processes; absent means that the provider does not count them. */
  submitsAtOnce?: number;
  readsAtOnce?: number;
}

/** Whole micro-dollars by the provider's own names for its prices. */
export type PriceList = Readonly<Record<string, number>>;

export interface ScraperSpec {
  /** Longest prompt in Unicode code points. */
  maxPromptChars: number;
  /** Countries that the scraper refuses, ISO 3166-1 alpha-2. */
  refusedCountries: readonly string[];
  params: Record<string, ParamSpec>;
  /** What a request without parameters costs. */
  price: Charge;
  /** The ways to buy an answer, the usual one first. */
  modes: readonly PriceMode[];
  /** What else decides the price, for people. */
  priceNote?: string;
  /** Priors of the time from purchase to answer, milliseconds, with their source in the table's comment. */
  typical: { p20Ms: number; p50Ms: number; p99Ms: number };
  /** How long the provider keeps the default form of a result. */
  retentionMs: number;
}

/** A way to buy an answer of a scraper, and what it costs and takes; for previews. */
export interface PriceMode {
  name: 'standard' | 'high priority' | 'live';
  /** Of a request without other parameters. */
  price: Charge;
  /** Milliseconds; `p50Ms` is not there where only the most is documented. */
  typical: { p50Ms?: number; p99Ms: number };
  /** What a request says to get it. */
  params?: Params;
  /** False: the provider sells it, and Gleaner does not buy it. */
  offered: boolean;
}

export type ParamSpec = { description: string } & (
  | { type: 'boolean' }
  | { type: 'number'; min: number; max: number }
  | { type: 'string'; values: readonly string[] }
  /** Free text; `form` says what it should look like. */
  | { type: 'text'; form: string }
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
  /** Without `charge` the reply does not tell it, and the most that it can be counts. */
  | { kind: 'accepted'; taskId: string; charge?: Charge; submittedAt: string }
  | { kind: 'refused'; reason: RefusalReason; message: string; retryAfterMs?: number }
  /** `hint`: something of the account that it may mean, and does not prove. */
  | { kind: 'unknown'; message: string; hint?: RefusalReason };

export type CheckAnswer =
  | { kind: 'pending' }
  /** Without `charge` the receipt's stands: the reply does not tell what was charged. */
  | { kind: 'ready'; empty: boolean; readyAt?: string; charge?: Charge }
  /** Ended without a result. `resubmit`: a fresh submission may succeed. */
  | { kind: 'failed'; message: string; refundExpected: boolean; resubmit: boolean; readyAt?: string }
  /** The provider does not know the task: expired if it is past retention, else perhaps not known yet. */
  | { kind: 'missing'; message: string }
  /**
   * Says nothing about the task; look again. `reason`: what is wrong with the account or the call, if it says so. `lasting`: a
   * look a minute later will hardly say anything else.
   */
  | {
      kind: 'unavailable';
      message: string;
      reason?: RefusalReason;
      retryAfterMs?: number;
      lasting?: true;
    };

/** What a free call said of an account; `message` goes on from the endpoint's address, such as "answers". */
export interface ProbeAnswer {
  kind: 'ok' | 'blocked' | 'unclear';
  message: string;
}

/** One task of a call that buys many. */
export interface PageTask {
  request: ScrapeRequest;
  tag: string;
  /** Addresses that the provider calls when the task has ended. */
  callbacks?: Callbacks;
}

/** The provider fills in its own placeholders for task id and mark. */
export interface Callbacks {
  pingbackUrl?: string;
  postbackUrl?: string;
}

export interface PageProtocol {
  maxTasks: number;
  /** Tasks of the same group can be bought in one call. */
  groupOf(scraper: Scraper): string;
  submitRequest(tasks: readonly PageTask[], account: ProviderAccount): HttpRequest;
  /** One answer a task, in the order of `tasks`. A task that the reply does not clearly speak of is `unknown`. */
  readSubmit(reply: HttpReply, tasks: readonly PageTask[]): SubmitAnswer[];
}

/** A list that the provider keeps for several scrapers at once. */
export interface ReadyList {
  /** Names it in logs and counts, such as `serp/google/images`. */
  id: string;
  /** Lists with the same key share one rate limit. */
  family: string;
  scrapers: readonly Scraper[];
}

export interface ReadyListProtocol {
  /** Calls a minute in one family, over all workers, that stay below the provider's limit. */
  callsPerMinute: number;
  /**
   * The fewest lists that together show every one of these scrapers; with `narrow` the smallest ones, for when a wide one
   * is full of tasks that are not ours.
   */
  listsFor(scrapers: readonly Scraper[], narrow?: boolean): ReadyList[];
  listRequest(list: ReadyList, account: ProviderAccount): HttpRequest;
  readList(reply: HttpReply): ReadyListAnswer;
}

export type ReadyListAnswer =
  /** `full`: there may be more than the call can show. */
  | { kind: 'listed'; tasks: ListedTask[]; full: boolean }
  | { kind: 'unavailable'; message: string; reason?: RefusalReason; retryAfterMs?: number };

export interface ListedTask {
  taskId: string;
  /** Empty if it has none. */
  tag: string;
  /** When it was bought, ISO 8601, provider clock; absent if the list does not tell. */
  postedAt?: string;
}

export interface SearchProtocol {
  /** Calls a minute in one family, over all workers, that stay below the provider's limit. */
  callsPerMinute: number;
  /** Purchases of scrapers with the same family are in one list. */
  familyOf(scraper: Scraper): string;
  /** Whose list an account's key opens: the same for every key of one login, another one for another login; no secret. */
  ownerOf(account: ProviderAccount): string;
  /** How far back the list goes with the marks in it. */
  reachMs: number;
  /** A call that shows this many rows may have left some out. */
  maxRows: number;
  /** `window` is cut to whole seconds; `toMs` must have passed. */
  searchRequest(
    family: string,
    window: { fromMs: number; toMs: number },
    account: ProviderAccount,
  ): HttpRequest;
  readSearch(reply: HttpReply): SearchAnswer;
}

export interface SearchRow {
  taskId: string;
  /** Undefined where the row does not show it. */
  tag?: string;
  /** ISO 8601, provider clock. */
  postedAt: string;
  charge: Charge;
  /** Whether the row tells a price; without one `charge` is empty. */
  priced: boolean;
  /** Whether it tells that the task has ended, in whatever way; what was given back may be off the charge then. */
  ended: boolean;
}

export type SearchAnswer =
  /** `shown`: how many rows the reply has, also those that could not be read; at `maxRows` some may be missing. */
  | { kind: 'rows'; rows: SearchRow[]; shown: number }
  | { kind: 'unavailable'; message: string; reason?: RefusalReason; retryAfterMs?: number };
