import type { Intent } from '../contracts/journal.ts';
import type { FailureType } from '../contracts/failures.ts';
import type { PageOutcome } from '../contracts/page-purchase.ts';
import type { PageProtocol, SubmitAnswer } from '../providers/provider.ts';
import { callbacksFor } from './callbacks.ts';
import { closedFailure, suspectIfHinted } from './closed-account.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, consequenceOf, failure, refusalFailure } from './failure-table.ts';
import { inParallel } from '../lists/in-parallel.ts';
import { newIntent, newRefused, written } from './journal-entries.ts';
import { openSubmission } from './known-result.ts';
import { ALONE, lookAtRow, onePage } from './page-row.ts';
import type { Buyable, PageCall, PageRow } from './page-row.ts';
import { fundPage } from './fund-page.ts';
import type { Funded } from './fund-page.ts';
import { receiptOf } from '../lists/receipt-of.ts';
import { settleReserved } from './reserve.ts';
import { sendPurchase, withoutReply, withoutSecret } from './send-purchase.ts';
import { stoppedFailure } from './stop-batch.ts';
import { stopIfDearer } from './stop-if-dearer.ts';

export interface SubmitPageInput {
  /** Scrapes of one group and account; one that does not fit to the first submits by itself. */
  rows: PageRow[];
}

/** Enough to hide a disk's latency, few enough to leave others their turn. */
export const FILES_AT_ONCE = 16;

/** What one intent may take on a slow disk before the page's request has to begin. */
const INTENT_MS = 100;

/**
 * Buys the first submission of many scrapes in one call and says of each, in the order of `rows`, what became of it.
 * Each has a journal of its own, and for each the same holds as in `submit`: this may run any number of times, on any
 * number of workers at once, and buys each scrape at most once. If the process dies
 *
 * - before or between the intents: nothing was sent. The next run buys those without an intent; those with one are
 *   unknown until they are reconciled, since nobody can see that their request was never begun;
 * - after the last intent, or after the request was sent: the next run sends nothing, and all are unknown;
 * - between the receipts: the next run returns those that are written, and the others are unknown;
 * - after the last receipt: the next run returns all.
 *
 * It does not listen to Temporal's cancellation: an aborted request may still have bought something. It throws (and is
 * run again) only if none of its scrapes is bought, in doubt, or refused for good.
 */
export async function submitPage(deps: ActivityDeps, { rows }: SubmitPageInput): Promise<PageOutcome[]> {
  return asFailures(async () => {
    await deps.fault('page:before-intents');
    const looks = await inParallel(rows, FILES_AT_ONCE, (row) => lookAtRow(deps, row));
    const call = onePage(looks.filter((look) => look.kind === 'buy'));
    const known = looks.map((look) => (look.kind === 'buy' ? ALONE : look));
    if (!call) return known;
    const [first] = call.page;
    const stopped = await stoppedFailure(deps, first.purchase.ref, first.input); // all are of one batch
    if (stopped) return toldOr(known, stopped);
    const closed = await closedFailure(deps, first.purchase);
    if (closed) return toldOr(known, closed);
    const { bought, waits } = await buyCall(deps, call);
    if (bought.size === 0) return waits ? toldOr(known, waits) : known;
    const outcomes = looks.map((look) => (look.kind === 'buy' ? (bought.get(look) ?? ALONE) : look));
    await deps.fault('page:outcomes-written');
    const again = outcomes.find((outcome) => outcome.kind === 'refused' && !outcome.failure);
    return toldOr(
      outcomes,
      again?.kind === 'refused'
        ? refusalFailure(again.refused, deps.gate.probeIntervalMs)
        : failure('StoreUnavailable', NOTHING_BEGUN, { retryAfterMs: 5_000 }),
    );
  });
}

const NOTHING_BEGUN = 'not one purchase of this page could be written into the journal, so nothing was sent';

/** The outcomes, or the reason to run again if they say nothing that has to be known now. */
function toldOr(outcomes: PageOutcome[], again: Error): PageOutcome[] {
  if (outcomes.every(saysNothing)) throw again;
  return outcomes;
}

/** Nothing was bought, it is on record, and it may be tried again. */
function saysNothing(outcome: PageOutcome): boolean {
  return outcome.kind === 'alone' || (outcome.kind === 'refused' && outcome.journalled && !outcome.failure);
}

interface BoughtPage {
  /** Without the rows that no money was reserved for. */
  bought: ReadonlyMap<Buyable, PageOutcome>;
  waits?: Error;
}

/**
 * Buys the page, or first one of its rows where the account has refused to sell: that one tells as much as a hundred do, and
 * each refusal is two files for good.
 */
async function buyCall(deps: ActivityDeps, { protocol, page }: PageCall): Promise<BoughtPage> {
  const [first, ...others] = page;
  const { gateKey } = first.purchase;
  const isProbe = deps.gate.why(gateKey) !== undefined;
  const begun = await buyFunded(deps, protocol, isProbe ? [first] : page);
  const told = begun.bought.get(first);
  if (!isProbe || others.length === 0 || !told) return begun;
  if (saysNothing(told) || told.kind === 'unknown') return begun; // it did not tell that the account sells
  if (deps.gate.isStopped(gateKey)) return begun; // it cost too much
  const rest = await buyFunded(deps, protocol, others);
  return { ...rest, bought: new Map([...begun.bought, ...rest.bought]) };
}

async function buyFunded(
  deps: ActivityDeps,
  protocol: PageProtocol,
  page: readonly Buyable[],
): Promise<BoughtPage> {
  const { funded, waits } = await fundPage(deps, page);
  const bought = funded.length === 0 ? NOTHING_BOUGHT : await buy(deps, protocol, funded);
  return { bought, ...(waits && { waits }) };
}

const NOTHING_BOUGHT: ReadonlyMap<Buyable, PageOutcome> = new Map();

/** Writes the intents, sends one request for those that are ours, and writes down what was answered of each. */
async function buy(
  deps: ActivityDeps,
  protocol: PageProtocol,
  funded: readonly Funded[],
): Promise<Map<Buyable, PageOutcome>> {
  const window = { begunAt: performance.now(), sendByMs: deps.timing.sendByMs + funded.length * INTENT_MS };
  const begun = await inParallel(funded, FILES_AT_ONCE, (one) => begin(deps, one, window.sendByMs));
  await deps.fault('page:intents-written');
  const own = begun.filter((each) => each.kind === 'own');
  const answers = own.length === 0 ? [] : await exchange(deps, protocol, own, window);
  await deps.fault('page:answer-received');
  const gateKey = funded[0]?.row.purchase.gateKey;
  if (gateKey !== undefined) reportToGate(deps, gateKey, answers);
  const told = await inParallel([...own.entries()], FILES_AT_ONCE, async ([index, each]) => {
    const outcome = await writeDown(deps, each, answers[index] ?? UNANSWERED);
    return [each.row, outcome] as const;
  });
  const others = begun.flatMap((each) => (each.kind === 'taken' ? [[each.row, each.outcome] as const] : []));
  return new Map([...told, ...others]);
}

type Begun =
  | ({ kind: 'own'; intent: Intent } & Funded)
  /** Not ours to send: somebody else has begun it, or its intent could not be written. */
  | { kind: 'taken'; row: Buyable; outcome: PageOutcome };

async function begin(deps: ActivityDeps, { row, grant }: Funded, sendByMs: number): Promise<Begun> {
  const intent = newIntent(deps, row.purchase, { n: 1, try: row.try, sendByMs, grant });
  // It was midnight since the money was reserved: the scrape's own submit gets some of the new day's.
  if (grant && !deps.caps.isOfDay(grant, Date.parse(intent.createdAt)))
    return { kind: 'taken', row, outcome: ALONE };
  let own = false;
  // Whether an intent that failed is there all the same, the scrape's own submit finds out.
  const isWritten = await written(async () => {
    own = await deps.store.journal.createIntent(intent);
  });
  if (isWritten) await deps.fault('page:intent-written');
  if (own) return { kind: 'own', row, grant, intent };
  const outcome: PageOutcome = isWritten ? { kind: 'unknown', open: openSubmission(intent) } : ALONE;
  return { kind: 'taken', row, outcome };
}

/** One answer a task, in their order. */
async function exchange(
  deps: ActivityDeps,
  protocol: PageProtocol,
  own: ReadonlyArray<Extract<Begun, { kind: 'own' }>>,
  window: { begunAt: number; sendByMs: number },
): Promise<SubmitAnswer[]> {
  const tasks = own.map(({ row: { purchase }, intent }) => {
    const callbacks = callbacksFor(deps, purchase.provider, intent.tag);
    return { request: purchase.request, tag: intent.tag, ...(callbacks && { callbacks }) };
  });
  const account = own[0]?.row.purchase.account;
  if (!account) return [];
  const sendBy = own.map(({ intent }) => intent.sendBy).sort()[0] ?? '';
  const wire = protocol.submitRequest(tasks, account);
  const outcome = await sendPurchase(deps, wire, { ...window, sendBy }, 'page:request-sent');
  const answers =
    outcome.kind === 'reply'
      ? protocol.readSubmit(outcome.reply, tasks)
      : tasks.map(() => withoutReply(outcome));
  return answers.map((answer) => withoutSecret(answer, account));
}

const UNANSWERED: SubmitAnswer = { kind: 'unknown', message: 'the answer does not speak of this task' };

/** An account that could pay for some tasks and not for others is blocked until a probe goes through. */
function reportToGate(deps: ActivityDeps, gateKey: string, answers: readonly SubmitAnswer[]): void {
  const blocked = answers.find(
    (answer) => answer.kind === 'refused' && consequenceOf(answer.reason).blocksAccount,
  );
  if (blocked?.kind === 'refused') deps.gate.report(gateKey, blocked.message);
  else if (answers.some(({ kind }) => kind === 'accepted')) deps.gate.report(gateKey, undefined);
  for (const answer of answers) suspectIfHinted(deps, gateKey, answer);
}

async function writeDown(
  deps: ActivityDeps,
  { row, grant, intent }: Extract<Begun, { kind: 'own' }>,
  answer: SubmitAnswer,
): Promise<PageOutcome> {
  const { journal } = deps.store;
  switch (answer.kind) {
    case 'accepted': {
      const charge = answer.charge ?? intent.bound;
      settleReserved(deps, row.purchase, grant, charge);
      stopIfDearer(deps, { scrapeId: intent.scrapeId, ...row.purchase }, { charge, bound: intent.bound });
      const { provider, account } = row.purchase;
      const receipt = receiptOf(intent, provider, account.timeScale, { ...answer, charge });
      const journalled = await written(() => journal.createReceipt(receipt));
      await deps.fault('page:receipt-written');
      return { kind: 'receipt', receipt, journalled };
    }
    case 'refused': {
      const refused = newRefused(intent, answer);
      settleReserved(deps, row.purchase, grant, {});
      const journalled = await written(() => journal.createRefused(refused));
      await deps.fault('page:refusal-written');
      const { type, nonRetryable, message } = refusalFailure(refused, deps.gate.probeIntervalMs);
      const failure = { type: type as FailureType, message }; // the failure table's own
      return { kind: 'refused', refused, journalled, ...(nonRetryable && { failure }) };
    }
    case 'unknown':
      return { kind: 'unknown', open: openSubmission(intent) };
  }
}
