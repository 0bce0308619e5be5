import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  defineQuery,
  defineSignal,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { DEFAULT_MAX_SUBMISSIONS } from '../contracts/defaults.ts';
import type { CheckInput, CheckResult } from '../activities/check.ts';
import type { JournalAnswerInput } from '../activities/journal-answer.ts';
import { cutMessage } from '../contracts/failures.ts';
import type { Failure } from '../contracts/failures.ts';
import type { OpenSubmission, Receipt } from '../contracts/journal.ts';
import { COMPLETED_SIGNAL, PROGRESS_QUERY } from '../contracts/messages.ts';
import type { CompletedHint, ScrapeProgress } from '../contracts/messages.ts';
import { isSuccess } from '../contracts/outcomes.ts';
import type { PagePurchase } from '../contracts/page-purchase.ts';
import { nextDelayMs } from '../contracts/poll-schedule.ts';
import type { ScrapeInput, ScrapeRecord, ScrapeRef } from '../contracts/scrape.ts';
import { storeActivities, submitActivities } from './activity-proxies.ts';
import { lostAnswer, outcomeAfter } from './after-failure.ts';
import { takenUp } from './buy-result.ts';
import type { BuyResult } from './buy-result.ts';
import { cancelRequested } from './cancel-requested.ts';
import { excerpt } from './excerpt.ts';
import { concludeScrape } from './conclude-scrape.ts';
import { causeOf, endingFailure, throwInvalidInput, toFailure } from './failures.ts';
import { guardScrapeInput } from './input-guard.ts';
import type { GuardedScrape } from './input-guard.ts';
import { lookBack } from './look-back.ts';
import { reconcileWhenSettled } from './reconcile-when-settled.ts';
import { lookUntilEnded, lookWhenTold } from './look.ts';
import { NOT_STARTED, ScrapeState } from './scrape-state.ts';
import { completeSearchAttributes } from './search-attributes.ts';
import { pause, writeDown } from './write-down.ts';

export const completedSignal = defineSignal<[CompletedHint]>(COMPLETED_SIGNAL);
export const scrapeProgressQuery = defineQuery<ScrapeProgress>(PROGRESS_QUERY);

/**
 * Buys one scrape, waits for it by durable timers raced by hints, collects it and records how it ended. Completes with
 * the record if it is `done` or `empty`; fails with the outcome as the failure's type otherwise. A cancel ends the
 * buying only: what may have been paid for is settled and collected before the workflow ends.
 */
export async function scrapeWorkflow(input: ScrapeInput): Promise<ScrapeRecord> {
  let state: ScrapeState | undefined;
  const early: CompletedHint[] = [];
  setHandler(completedSignal, (hint) => (state ? state.hint(hint) : void early.push(hint)), {
    description: 'A hint that task {taskId} of this scrape may be ready; causes one look at the provider.',
  });
  setHandler(scrapeProgressQuery, () => state?.progress ?? NOT_STARTED, {
    description: 'Where this scrape stands and why it waits.',
  });
  const guarded = guardScrapeInput(input);
  state = new ScrapeState(guarded.ref);
  early.forEach((hint) => state?.hint(hint));

  const record = await new Scrape(guarded, state).run().catch(throwInvalidInput);
  state.enter('ended', record.submissions, record.outcome);
  if (isSuccess(record.outcome)) return record;
  if (record.outcome === 'cancelled') throw new CancelledFailure('cancelled before anything was bought');
  throw endingFailure(record);
}

/** What is left to decide after a submission: it ended the scrape, or another one may follow. */
type Step =
  | { kind: 'ended'; record: ScrapeRecord }
  /** `absent`: it is proven that this submission bought nothing. */
  | { kind: 'again'; failure: Failure; absent?: boolean };

class Scrape {
  readonly ref: ScrapeRef;
  readonly input: ScrapeInput;
  readonly state: ScrapeState;
  readonly maxSubmissions: number;
  /** How the submission before this one failed. */
  last: Failure | undefined;
  /** Whether a submission so far bought something, or may have. */
  mayBePaid = false;

  /** What its partition bought, until it is taken up. */
  bought: PagePurchase | undefined;
  /** Whether what the provider answered to the submission at hand is known from the input alone. */
  claimed = false;

  constructor({ ref, input, bought }: GuardedScrape, state: ScrapeState) {
    this.ref = ref;
    this.input = input;
    this.bought = bought;
    this.state = state;
    // A retry buys one submission; how those before it ended is known.
    this.maxSubmissions = input.retry?.from ?? input.maxSubmissions ?? DEFAULT_MAX_SUBMISSIONS;
    this.last = input.retry?.last;
    this.mayBePaid = this.last !== undefined;
  }

  async run(): Promise<ScrapeRecord> {
    if (this.last?.type === 'SubmitOutcomeUnknown') await lookBack(this.ref);
    for (let n = this.input.retry?.from ?? 1; ; n++) {
      const { last } = this;
      // A submission that failed may be followed by another, but not after a cancel and not for ever.
      if (last && (n > this.maxSubmissions || cancelRequested())) return this.concludeAfter(last, last);
      const step = await this.submission(n);
      if (step.kind === 'ended') return step.record;
      // One that never reached the provider says nothing of those before it.
      if (!step.absent || !last) this.last = step.failure;
      this.mayBePaid ||= !step.absent;
    }
  }

  async submission(n: number): Promise<Step> {
    this.state.enter(
      'submitting',
      n,
      n === 1 ? 'buying' : `buying again, submission ${n} of ${this.maxSubmissions}`,
    );
    let result: BuyResult;
    try {
      result = await this.buy(n);
    } catch (error) {
      return { kind: 'ended', record: await this.refused(toFailure(causeOf(error))) };
    }
    switch (result.kind) {
      case 'receipt':
        if (!result.journalled) await this.journal({ receipt: result.receipt });
        completeSearchAttributes(this.ref, result.searchAttributes);
        return this.collected(n, result.receipt, result.ageMs);
      case 'stored':
        return { kind: 'ended', record: result.record };
      case 'refused':
        if (!result.journalled) await this.journal({ refused: result.refused });
        if (result.failure) return { kind: 'ended', record: await this.refused(result.failure) };
        await pause(result.refused);
        return this.submission(n);
      case 'ended':
        if (result.verdict.outcome === 'failed' && !result.verdict.final) {
          return {
            kind: 'again',
            failure: result.verdict.failure ?? { type: 'TaskFailed', message: 'failed' },
          };
        }
        return { kind: 'ended', record: await this.conclude({ ...result.verdict }) };
      case 'unknown': {
        const failure = lostAnswer(this.ref.scrapeId, n, result);
        if (this.input.onUnknown === 'resubmit') return { kind: 'again', failure };
        return { kind: 'ended', record: await this.conclude({ outcome: 'unknown', failure }) };
      }
      case 'absent': {
        const message = `${this.ref.scrapeId}: submission ${n} did not reach the provider, as its list of purchases proves`;
        return { kind: 'again', failure: { type: 'NetworkError', message }, absent: true };
      }
      case 'nothing':
        if (this.last) return { kind: 'again', failure: this.last }; // which ends it, since it was cancelled
        return {
          kind: 'ended',
          record: await this.conclude({
            outcome: 'cancelled',
            failure: { type: 'Cancelled', message: `${this.ref.scrapeId}: cancelled before it was bought` },
          }),
        };
    }
  }

  /** An earlier purchase that was found and failed leaves submission n to be bought. */
  async collected(n: number, receipt: Receipt, ageMs: number): Promise<Step> {
    const step = await this.collect(receipt, ageMs);
    if (step.kind === 'ended' || receipt.n === n) return step;
    this.last = step.failure;
    this.mayBePaid = true;
    return this.submission(n);
  }

  /** Not bought, or not bought again: `refused` is the outcome only where nothing was bought at all. */
  async refused(failure: Failure): Promise<ScrapeRecord> {
    const { last } = this;
    if (last) {
      const message = `${last.message}. Not bought again: ${failure.message}`;
      return this.concludeAfter(last, { type: failure.type, message: cutMessage(message) });
    }
    // Bad input leaves no record: the id may belong to another scrape.
    if (failure.type === 'InvalidInput')
      throw ApplicationFailure.nonRetryable(failure.message, 'InvalidInput');
    return this.conclude({ outcome: 'refused', failure });
  }

  /** Ends a scrape whose last submission failed, or was given up as unknown. */
  concludeAfter(last: Failure, failure: Failure): Promise<ScrapeRecord> {
    if (!this.mayBePaid)
      return this.conclude({ outcome: cancelRequested() ? 'cancelled' : 'refused', failure });
    return this.conclude({ outcome: outcomeAfter(last), failure });
  }

  /** Submits; on a cancel asks the journal what became of it; on a lost answer waits until it can be settled. */
  async buy(n: number): Promise<BuyResult> {
    const { ref, input, bought } = this;
    this.bought = undefined;
    this.claimed = bought !== undefined;
    if (bought) return bought.kind === 'unknown' ? this.settleOpen(n, bought.open) : takenUp(bought);
    try {
      if (!cancelRequested()) {
        const summary = `buy ${ref.scraper}${n === 1 ? '' : `, submission ${n}`}: ${excerpt(input.prompt, 60)}`;
        const asked = { ref, input, n, byItself: workflowInfo().parent === undefined };
        return await submitActivities(ref).submit.executeWithOptions({ summary }, [asked]);
      }
    } catch (error) {
      if (!cancelRequested()) return this.settle(n, error);
    }
    return CancellationScope.nonCancellable(async () => {
      try {
        return await storeActivities.recall.executeWithOptions({ summary: 'cancelled: was it bought?' }, [
          { ref, input, n },
        ]);
      } catch (error) {
        return this.settle(n, error);
      }
    });
  }

  /** The rest of section 5: sleep until nobody can still be writing the receipt, then read the journal again. */
  async settle(n: number, error: unknown): Promise<BuyResult> {
    const cause = causeOf(error);
    if (cause.type !== 'SubmitOutcomeUnknown') throw error;
    return this.settleOpen(n, cause.details?.[0] as OpenSubmission); // openIntentFailure puts it there
  }

  async settleOpen(n: number, open: OpenSubmission): Promise<BuyResult> {
    this.state.enter('reconciling', n, 'the purchase’s answer was lost; waiting until it can be settled');
    const settled = await reconcileWhenSettled(this.ref, open);
    return settled.kind === 'absent' && open.n < n ? this.buy(n) : settled;
  }

  /** Looks until the task has ended or can no longer be had. A cancel does not stop it: the task is paid. */
  async collect(receipt: Receipt, ageMs: number): Promise<Step> {
    return CancellationScope.nonCancellable(async () => {
      const { state } = this;
      const { taskId, n, plan } = receipt;
      // An old receipt, picked up by a new run, is looked at before anything is waited for: it may expire meanwhile.
      const untilLookMs = ageMs > plan.firstMs ? 0 : nextDelayMs(plan, ageMs);
      const told = plan.hinted && (await this.untilTold(receipt, untilLookMs));
      if (told) return told;
      const firstLookInMs = plan.hinted ? 0 : untilLookMs;
      const wait = firstLookInMs > 0 ? `; first look in ${Math.round(firstLookInMs / 1000)} s` : '';
      state.enter('waiting', n, `bought${wait}, then looked at until it has ended`);
      const looks = new CancellationScope();
      const ended = looks.run(() => lookUntilEnded(this.lookInput({ receipt, firstLookInMs })));
      for (;;) {
        await Promise.race([ended, condition(() => state.hinted(taskId))]);
        // A hint is good for one look beside the others, which go on if it was wrong.
        const hint = state.takeHint(taskId);
        const result = await (hint ? Promise.race([ended, this.lookOnce(receipt, hint)]) : ended);
        if (result.kind === 'ended') return result;
        if (result.kind === 'failed') {
          looks.cancel();
          return { kind: 'again', failure: result.failure };
        }
      }
    });
  }

  /**
   * Waits for the word that the task has ended; undefined when it is time to look without one. One timer, since a look's
   * first wait would stay behind as a pending activity: 5 events more.
   */
  async untilTold(receipt: Receipt, waitMs: number): Promise<Step | undefined> {
    const { state } = this;
    const { taskId, n } = receipt;
    const dueAt = Date.now() + waitMs;
    for (let leftMs = waitMs; leftMs > 0; leftMs = dueAt - Date.now()) {
      const look = `looks by itself in ${Math.round(leftMs / 1000)} s`;
      state.enter('waiting', n, `bought; waits to be told that it has ended, or ${look}`);
      if (!(await condition(() => state.hinted(taskId), leftMs, { summary: look }))) return undefined;
      const result = await this.lookOnce(receipt, state.takeHint(taskId));
      if (result.kind === 'ended') return result;
      if (result.kind === 'failed') return { kind: 'again', failure: result.failure };
    }
    return undefined;
  }

  lookOnce(receipt: Receipt, hint?: { posted: boolean }): Promise<CheckResult> {
    return lookWhenTold(this.lookInput({ receipt }), hint);
  }

  lookInput(look: Omit<CheckInput, 'ref' | 'mayResubmit'>): CheckInput {
    const mayResubmit = look.receipt.n < this.maxSubmissions && !cancelRequested();
    return { ref: this.ref, mayResubmit, ...look, ...(this.claimed && { claimed: true }) };
  }

  journal(answer: JournalAnswerInput): Promise<void> {
    return writeDown({ ...answer, ...(this.claimed && { claimed: true }) });
  }

  async conclude(ending: { outcome: ScrapeRecord['outcome']; failure?: Failure }): Promise<ScrapeRecord> {
    const { outcome, failure } = ending;
    this.state.enter('recording', this.state.progress.submission, outcome);
    return concludeScrape(this.ref, { outcome, ...(failure && { failure }) });
  }
}
