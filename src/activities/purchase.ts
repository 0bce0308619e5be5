import { parseScrapeInput } from '../contracts/schemas/scrape-input.ts';
import { fingerprintOf, toRequest } from '../contracts/schemas/scrape-request.ts';
import type { Receipt, Refused, Submission, Verdict } from '../contracts/journal.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeRetry } from '../contracts/retry.ts';
import type { ScrapeInput, ScrapeRecord, ScrapeRef, ScrapeRequest } from '../contracts/scrape.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { ProviderName } from '../contracts/scrapers.ts';
import { endpointOf } from '../providers/account.ts';
import type { Account } from '../providers/account.ts';
import type { Problem, Provider } from '../providers/provider.ts';
import { providerOf } from '../providers/registry.ts';
import type { ActivityDeps } from './deps.ts';
import { failure } from './failure-table.ts';
import { isSameScrape } from './same-scrape.ts';

/** What `submit` and `recall` answer; a purchase is never thrown. */
export type SubmitResult =
  | {
      kind: 'receipt';
      receipt: Receipt;
      /** The task's age now, as far as our clock can tell; 0 right after the purchase. */
      ageMs: number;
      /** False: the receipt is only here, and the workflow writes it next. */
      journalled: boolean;
      searchAttributes: boolean;
    }
  /** Everything is in the store already. */
  | { kind: 'stored'; record: ScrapeRecord }
  | { kind: 'ended'; verdict: Verdict }
  | { kind: 'unknown'; possiblySpent: Charge; why?: string }
  /** Proven not to have bought anything. */
  | { kind: 'absent' }
  /** Refused, and the journal could not be told; the workflow writes it and asks again. */
  | { kind: 'refused'; refused: Refused };

/** What is asked for, checked as far as its form goes; enough to compare it with the journal. */
export interface AskedRequest {
  request: ScrapeRequest;
  fingerprint: string;
  /** The retry that asks. */
  retry?: ScrapeRetry;
}

/** Reads an input that may have been typed into the Temporal UI; throws `InvalidInput` naming each field. */
export function toAsked(ref: ScrapeRef, input: ScrapeInput): AskedRequest {
  const parsed = parseScrapeInput(input);
  if (!parsed.ok) throw invalid(ref, parsed.problems);
  const asked = toRequest(parsed.input);
  if (!asked.ok) throw invalid(ref, asked.problems);
  const { retry } = parsed.input;
  return { request: asked.request, fingerprint: fingerprintOf(asked.request), ...(retry && { retry }) };
}

/** Throws `InvalidInput` if the journal knows this scrape id for another request. */
export function assertSameRequest(
  ref: ScrapeRef,
  asked: AskedRequest,
  submissions: readonly Submission[],
): void {
  for (const submission of submissions) {
    if (!isSameScrape(asked, submission)) {
      throw invalid(ref, [otherRequest(ref, submission.intent.request, asked.request)]);
    }
  }
  // Submissions are read up to the first that is missing: one bought behind a gap would not be seen, and bought again.
  const { retry } = asked;
  if (retry && retry.from > submissions.length + 1) {
    const message = `${retry.from} leaves a gap: the journal has ${submissions.length} submissions`;
    throw invalid(ref, [{ field: 'retry.from', message }]);
  }
}

/** A checked request with everything that buying it takes. */
export interface Purchase extends AskedRequest {
  ref: ScrapeRef;
  provider: Provider;
  account: Account;
  /** What the journal binds the scrape to. A simulator may come up on another port, so it is bound by name. */
  endpoint: string;
  gateKey: string;
  bound: Charge;
}

/**
 * Full validation before a purchase. Throws `InvalidInput`, or the retryable `AccountBlocked` if an earlier submission
 * was bought on another account than this worker would use: a scrape stays where it was begun.
 */
export async function toPurchase(
  deps: ActivityDeps,
  ref: ScrapeRef,
  asked: AskedRequest,
  submissions: readonly Submission[],
): Promise<Purchase> {
  const { request, fingerprint, retry } = asked;
  const provider = providerOf(request.scraper);
  const problems = provider.validate(request);
  if (problems.length > 0) throw invalid(ref, problems);
  const account = accountOf(deps, ref);
  for (const { intent } of submissions) {
    if (!intent.withdrawn) assertSameAccount(ref, intent, account);
  }
  return {
    ref,
    request,
    fingerprint,
    ...(retry && { retry }),
    provider,
    account,
    endpoint: endpointOf(account),
    gateKey: gateKeyOf(account),
    bound: provider.priceBound(request, await deps.prices.of(account)),
  };
}

/** Throws the retryable `AccountBlocked` if this worker's account is not the one that a scrape was begun on. */
export function assertSameAccount(
  ref: ScrapeRef,
  begun: { account: string; endpoint: string },
  account: Account,
): void {
  const endpoint = endpointOf(account);
  if (begun.account === account.name && begun.endpoint === endpoint) return;
  throw failure(
    'AccountBlocked',
    `${ref.scrapeId} was begun on account "${begun.account}" at ${begun.endpoint}; this worker has ` +
      `"${account.name}" at ${endpoint}. Start a worker with that account to go on`,
    { retryAfterMs: 60_000 },
  );
}

export function gateKeyOf(account: Account): string {
  return `${account.provider}/${account.name}`;
}

/** The account that a scrape's input names, or the default one. */
export function accountOf(deps: ActivityDeps, ref: ScrapeRef): Account {
  const { provider } = splitScraper(ref.scraper);
  const account = deps.accounts.find(provider, ref.account);
  if (account) return account;
  const known = deps.accounts.names(provider);
  throw invalid(ref, [
    {
      field: 'account',
      message: `this worker has no account "${ref.account}" for ${provider}; it has ${known.join(', ') || 'none'}`,
    },
  ]);
}

/** The account of a collector; throws the retryable `AccountBlocked` if this worker has lost it. */
export function collectorAccount(
  deps: ActivityDeps,
  { provider, account: name }: { provider: ProviderName; account: string },
): Account {
  const account = deps.accounts.find(provider, name);
  if (account) return account;
  throw failure('AccountBlocked', `this worker has no account "${name}" for ${provider}`, {
    retryAfterMs: 60_000,
  });
}

function otherRequest(ref: ScrapeRef, first: ScrapeRequest, now: ScrapeRequest): Problem {
  const same = first.scraper === now.scraper && first.prompt === now.prompt;
  const show = (request: ScrapeRequest): string =>
    same
      ? `market ${request.market}, params ${JSON.stringify(request.params)}`
      : `${request.scraper} "${cut(request.prompt)}"`;
  return {
    field: 'prompt',
    message:
      `the id "${ref.scrapeId}" already belongs to another request: first ${show(first)}, now ${show(now)}. ` +
      `Use another id for a new scrape`,
  };
}

function cut(prompt: string): string {
  return prompt.length <= 120 ? prompt : `${prompt.slice(0, 119)}…`;
}

function invalid(ref: ScrapeRef, problems: readonly Problem[]): Error {
  const list = problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return failure('InvalidInput', `${ref.scrapeId}: ${list}. Nothing was bought by this.`, { final: true });
}
