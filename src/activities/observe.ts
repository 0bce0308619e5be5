import { lastingDelayMs, nextDelayMs } from '../contracts/poll-schedule.ts';
import type { Intent, Receipt, Verdict } from '../contracts/journal.ts';
import { formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ResultRef, ScrapeRef, ScrapeRequest, StoredVariant } from '../contracts/scrape.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { Answer } from '../contracts/answer.ts';
import type { HttpOutcome } from '../providers/http.ts';
import type { CheckAnswer, HttpReply, Provider } from '../providers/provider.ts';
import { providerOf } from '../providers/registry.ts';
import { wantLists } from './announce.ts';
import { hideCallbackTokens } from './callbacks.ts';
import { collectVariants } from './collect-variants.ts';
import type { CollectedVariants } from './collect-variants.ts';
import type { ActivityDeps } from './deps.ts';
import { consequenceOf, failure } from './failure-table.ts';
import { grossCharge } from './gross-charge.ts';
import { fetchOtherForm } from './other-form.ts';
import { postedReply } from './posted-result.ts';
import { accountOf, assertSameAccount, gateKeyOf } from './purchase.ts';
import { stopIfDearer } from './stop-if-dearer.ts';

export interface ObserveInput {
  ref: ScrapeRef;
  receipt: Receipt;
  /** What was asked for, if it is known already. */
  intent?: Intent | undefined;
  /** Says that a task has not ended by `undefined` instead of asking for another look. */
  once: boolean;
  /** Goes by what was posted to us and asks the provider nothing. */
  postedOnly: boolean;
}

/**
 * One look at a bought task that has no verdict yet. If it has ended its other forms, the result and the verdict are
 * stored, in this order; undefined if it has not. Whoever is first writes the verdict that stands, so any number of looks
 * may go on at once.
 */
export async function observe(deps: ActivityDeps, input: ObserveInput): Promise<Verdict | undefined> {
  const { ref, receipt, once } = input;
  const account = accountOf(deps, ref);
  assertSameAccount(ref, receipt, account);
  const provider = providerOf(ref.scraper);
  const variant = receipt.variants?.[0];
  const task = { taskId: receipt.taskId, scraper: ref.scraper, ...(variant !== undefined && { variant }) };
  const begunAt = performance.now();
  const tag = deps.store.journal.tag(receipt.scrapeId, receipt.n);
  const posted = await postedReply(deps, provider, task, tag);
  if (!posted && input.postedOnly) return undefined;
  const outcome: HttpOutcome = posted
    ? { kind: 'reply', reply: posted }
    : await deps.http.send(provider.checkRequest(task, account), {
        fresh: false,
        timeoutMs: CHECK_TIMEOUT_MS,
      });
  await deps.fault('check:answer-received');
  if (outcome.kind !== 'reply') {
    const ageMs = Date.now() - Date.parse(receipt.submittedAt); // our clock: the provider's cannot be read
    throw lookAgain(receipt, ageMs, 'NetworkError', `${outcome.message}; the task is paid`);
  }
  const { reply } = outcome;
  // The age when this look began: an answer that took long must not make a task look older than it was.
  const ageMs = reply.serverTimeMs - Date.parse(receipt.submittedAt) - (performance.now() - begunAt);
  const lateBy = ageMs - receipt.plan.retentionMs;
  const intent = async (): Promise<Intent | undefined> =>
    input.intent ?? (await deps.store.journal.read(ref.scrapeId, receipt.n))?.intent;
  const look = { provider, account, receipt, timeoutMs: CHECK_TIMEOUT_MS };
  const collected = async (
    body: HttpReply,
    { charge: told, empty, readyAt }: Extract<CheckAnswer, { kind: 'ready' }>,
    instead?: ResultRef['instead'],
  ): Promise<Verdict | undefined> => {
    const listed = told ?? receipt.charge;
    const begun = await intent();
    const request = begun?.request;
    const { scrapeId } = ref;
    stopIfDearer(deps, { scrapeId, account, request }, { charge: listed, bound: receipt.charge });
    const refund = (request && provider.expectedRefund?.(body.body, request)) ?? {};
    const prices = (request && provider.possiblePrices?.(request)) ?? (begun ? [begun.bound] : []);
    const { charge, refundExpected } = grossCharge(listed, refund, receipt, prices);
    const others = request && { ...look, request, readyAt: readyAt ?? receipt.submittedAt };
    const more = others ? await collectVariants(deps, others) : NO_VARIANTS;
    if (more.kind === 'later') {
      if (once && more.type === 'Pending') return undefined;
      const afterMs = more.lasting ? lastingDelayMs(receipt.plan, ageMs) : more.retryAfterMs;
      throw lookAgain(receipt, ageMs, more.type, more.message, afterMs);
    }
    const { variants } = more;
    const stored = await store(deps, provider, body, receipt, { charge, request, variants });
    return verdictOf(deps, receipt, {
      outcome: empty ? 'empty' : 'done',
      charge,
      refundExpected,
      result: instead ? { ...stored, instead } : stored,
      ...(readyAt && { readyAt }),
    });
  };
  const expire = async (seen: string): Promise<Verdict | undefined> => {
    const request = (await intent())?.request;
    const other = request && (await fetchOtherForm(deps, { ...look, request, ageMs }));
    if (other?.kind === 'later') {
      throw lookAgain(receipt, ageMs, other.type, other.message, other.retryAfterMs);
    }
    if (other) return collected(other.reply, other.answer, other.instead);
    return verdictOf(deps, receipt, expired(receipt, seen));
  };
  const answer = provider.readCheck(reply, task);
  switch (answer.kind) {
    case 'pending':
      if (lateBy > PENDING_GRACE_MS) return expire(`it still says "pending"`);
      if (once) return undefined;
      await wantLists(deps, receipt, ref.scraper, ageMs);
      throw lookAgain(receipt, ageMs, 'Pending', 'bought and not ready yet');
    case 'unavailable': {
      if (lateBy > UNAVAILABLE_GRACE_MS) return expire(answer.message);
      const { message, reason } = answer;
      const retryAfterMs = answer.lasting ? lastingDelayMs(receipt.plan, ageMs) : answer.retryAfterMs;
      if (!reason || !consequenceOf(reason).blocksAccount) {
        throw lookAgain(receipt, ageMs, 'ProviderUnavailable', message, retryAfterMs);
      }
      // What is paid is asked for all the same, once a minute.
      deps.gate.doubt(gateKeyOf(account), receipt.taskId, message);
      throw lookAgain(receipt, ageMs, 'AccountBlocked', message, retryAfterMs ?? deps.gate.probeIntervalMs);
    }
    case 'missing':
      if (lateBy > DATE_HEADER_SLACK_MS) return expire(answer.message);
      if (once) return undefined;
      throw lookAgain(receipt, ageMs, 'Pending', `bought, but the provider says: ${answer.message}`);
    case 'failed': {
      const message = `${ref.scrapeId}: ${splitScraper(ref.scraper).provider} says ${answer.message}`;
      return verdictOf(deps, receipt, {
        outcome: 'failed',
        refundExpected: answer.refundExpected ? receipt.charge : {},
        failure: { type: 'TaskFailed', message },
        ...(!answer.resubmit && { final: true }),
        ...(answer.readyAt && { readyAt: answer.readyAt }),
      });
    }
    case 'ready':
      return collected(reply, answer);
  }
}

/** The failure that asks Temporal for the next look, when the poll plan says so or the provider asks for later. */
function lookAgain(
  { scrapeId, plan }: Receipt,
  ageMs: number,
  type: 'Pending' | 'NetworkError' | 'ProviderUnavailable' | 'AccountBlocked',
  message: string,
  retryAfterMs = 0,
): Error {
  const plannedMs = nextDelayMs(plan, ageMs);
  // A back-stop plan has long gaps, which a look that failed must not wait for: somebody said that it is ready.
  const regularMs = plan.hinted && type !== 'Pending' ? Math.min(plannedMs, FAILED_LOOK_MS) : plannedMs;
  const delayMs = Math.max(regularMs, retryAfterMs);
  return failure(type, `${scrapeId}: ${message}; next look in ${Math.round(delayMs / 1000)} s`, {
    retryAfterMs: delayMs,
  });
}

const FAILED_LOOK_MS = 30_000;

/** A look is bounded; the worker takes the next one if it is slow. */
const CHECK_TIMEOUT_MS = 60_000;

/** `Date` headers count whole seconds and may come from another machine of the provider. */
const DATE_HEADER_SLACK_MS = 2_000;

/** A task that the provider should have forgotten and still calls pending, or cannot speak of, is given up after this. */
const PENDING_GRACE_MS = 3_600_000;
const UNAVAILABLE_GRACE_MS = 24 * 3_600_000;

type Said = Pick<Verdict, 'outcome' | 'refundExpected'> & Partial<Verdict>;

function expired(receipt: Receipt, seen: string): Said {
  const hours = Math.round(receipt.plan.retentionMs / 3_600_000);
  return {
    outcome: 'expired',
    refundExpected: {},
    failure: {
      type: 'TaskExpired',
      message:
        `the provider keeps results for ${hours} hours, and this one could not be collected in that time: ` +
        `${formatCharge(receipt.charge)} lost (last seen: ${seen})`,
    },
  };
}

async function verdictOf(deps: ActivityDeps, receipt: Receipt, said: Said): Promise<Verdict> {
  const verdict = await deps.store.journal.createVerdict({
    scrapeId: receipt.scrapeId,
    n: receipt.n,
    charge: receipt.charge,
    at: new Date().toISOString(),
    ...said,
  });
  await deps.fault('check:verdict-written');
  return verdict;
}

const NO_VARIANTS: CollectedVariants = { kind: 'collected', variants: [] };

interface Collected {
  charge: Charge;
  request: ScrapeRequest | undefined;
  /** Stored before it. */
  variants: StoredVariant[];
}

/**
 * The raw body first, byte for byte but for the tokens of our own addresses; a body that cannot be normalized is a result
 * all the same.
 */
async function store(
  deps: ActivityDeps,
  provider: Provider,
  reply: HttpReply,
  receipt: Receipt,
  { charge, request, variants }: Collected,
): Promise<ResultRef> {
  const answer = request && normalized(provider, request, reply.body);
  const result = await deps.store.results.write({
    scrapeId: receipt.scrapeId,
    n: receipt.n,
    raw: hideCallbackTokens(reply.body, deps.store.journal.tag(receipt.scrapeId, receipt.n)),
    ...(answer && { answer: { ...answer, charge } }),
  });
  await deps.fault('check:result-stored');
  return variants.length === 0 ? result : { ...result, variants };
}

function normalized(provider: Provider, request: ScrapeRequest, body: Uint8Array): Answer | undefined {
  try {
    return provider.normalize(body, request);
  } catch {
    return undefined; // kept raw; the record says `normalized: false`
  }
}
