import {
  CancellationScope,
  ParentClosePolicy,
  defineQuery,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { CancelledFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { LoadedPage } from '../activities/load-page.ts';
import type { BatchProgress, PageRow, PartitionInput, PartitionResult } from '../contracts/batch.ts';
import { ceilingFields, ceilingOf, limitTo, raisedCeiling, readCeiling } from '../contracts/ceiling.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import { PROGRESS_QUERY } from '../contracts/messages.ts';
import { addCharges, formatCharge, isFree, withoutCharge } from '../contracts/money.ts';
import type { ScrapeInput } from '../contracts/scrape.ts';
import { toRef } from '../contracts/to-ref.ts';
import { storeActivities } from './activity-proxies.ts';
import { AttachedScrapes } from './attached-scrapes.ts';
import { cancelRequested } from './cancel-requested.ts';
import { withMoneyLeft } from './ceiling-left.ts';
import { childOutcome } from './child-outcome.ts';
import { excerpt } from './excerpt.ts';
import { executeCancellableChild, scrapeReuse } from './execute-child.ts';
import { recordEndings, recordRefused, stoppedBeforeStart, terminatedOutside } from './never-started.ts';
import { ofBatch } from './of-batch.ts';
import { PageBuyer } from './page-buyer.ts';
import { pageOrder } from './page-order.ts';
import type { PageOrder } from './page-order.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { Purse } from './purse.ts';
import { raiseCeilingSignal } from './raise-ceiling.ts';
import { scrapeWorkflow } from './scrape.ts';
import { scrapeAttributes } from './search-attributes.ts';
import { Tally, describeProgress } from './tally.ts';
import type { EndedScrape } from './tally.ts';
import { wasReset } from './was-reset.ts';
import { PAID_ONLY, inFlightBound, isFresh, paidPart, spentBy, toWork } from './work.ts';
import type { Work } from './work.ts';

const partitionProgressQuery = defineQuery<BatchProgress>(PROGRESS_QUERY);

/**
 * Runs one page of a batch (at most 500 scrapes), a window of them at a time, each as a child workflow. Completes with
 * its counts also when it was cancelled: what was in flight is collected first, what was not begun is counted.
 */
export async function partitionWorkflow(input: PartitionInput): Promise<PartitionResult> {
  let run: Partition | undefined;
  setHandler(partitionProgressQuery, () => run?.progress() ?? new Tally(input.batchId, 0).snapshot(), {
    description: 'Counts and money of this partition.',
  });
  const early: unknown[] = [];
  setHandler(raiseCeilingSignal, (to) => (run ? run.raise(readCeiling(to)) : void early.push(to)), {
    description: 'The ceiling of the whole batch, if it was raised; sent by the batch.',
  });
  const page = await CancellationScope.nonCancellable(() =>
    storeActivities.loadPage.executeWithOptions({ summary: `read page ${input.page}` }, [
      {
        batchId: input.batchId,
        page: input.page,
        ...(input.retry !== undefined && { retry: input.retry }),
      },
    ]),
  );
  run = new Partition(await withMoneyLeft(input), page);
  for (const to of early) run.raise(readCeiling(to));
  return run.run();
}

class Partition {
  readonly #input: PartitionInput;
  /** What may be spent from now on; undefined without a ceiling. */
  readonly #ceiling: Ceiling | undefined;
  /** That of the whole batch. */
  #whole: Ceiling;
  readonly #todo: Work[];
  readonly #order: PageOrder<PageRow>;
  readonly #pages: PageBuyer;
  readonly #tally: Tally;
  readonly #purse: Purse;
  readonly #reporter: ProgressReporter;
  readonly #attached = new AttachedScrapes(() => this.#isStopped());
  readonly #refused: PageRow[] = [];
  readonly #stopped: PageRow[] = [];
  /** Scrapes that run now. */
  readonly #running = new Set<Work>();
  readonly #endedBefore: number;

  constructor(input: PartitionInput, { rows, settled, pageGroups }: LoadedPage) {
    this.#input = input;
    this.#tally = new Tally(input.batchId, rows.length);
    const unsettled = rows.filter((row) => row.settled === undefined);
    this.#order = pageOrder(unsettled, pageGroups, input.window);
    this.#todo = this.#order.rows.map(toWork);
    this.#pages = new PageBuyer(input.batchId, (key) => this.#nextKey() === key);
    this.#ceiling = ceilingOf(input);
    this.#whole = input.ceiling ?? this.#ceiling ?? {};
    this.#purse = new Purse({
      ceiling: this.#ceiling,
      pages: this.#pages,
      isStopped: () => this.#isStopped(),
      todo: this.#todo,
    });
    this.#reporter = new ProgressReporter(input.page);
    this.#endedBefore = settled.length;
    settled.forEach((scrape) => this.#tally.add(scrape));
  }

  progress(): BatchProgress {
    return {
      ...this.#tally.snapshot(),
      endedBefore: this.#endedBefore,
      inFlight: {
        scrapes: this.#running.size,
        bound: addCharges(...[...this.#running].map(inFlightBound)),
      },
      ...(this.#purse.isWaitedFor && {
        waiting: 'the ceiling is granted in full until scrapes in flight give money back',
      }),
    };
  }

  async run(): Promise<PartitionResult> {
    this.#describe();
    while (this.#todo.length > 0) {
      const lanes = Math.min(this.#input.window, this.#todo.length);
      await Promise.all(Array.from({ length: lanes }, () => this.#lane()));
    }
    const { records, owed } = await recordRefused(this.#refused.splice(0), this.#whole, this.#purse.left);
    const stopped = await recordEndings(this.#stopped, stoppedBeforeStart());
    for (const scrape of [...records, ...stopped]) this.#tally.add(scrape);
    owed.forEach(() => this.#pages.expect());
    await Promise.all(owed.map((row) => this.#scrape({ row, bound: {}, spent: {}, paidOnly: true })));
    this.#describe();
    return { ...this.#tally.snapshot(), endedBefore: this.#endedBefore };
  }

  /** The batch's ceiling was raised: what was refused for it is tried again. */
  raise(to: Ceiling): void {
    const raised = raisedCeiling(this.#whole, to);
    if (raised === this.#whole) return;
    this.#todo.push(...this.#refused.splice(0).map(toWork));
    this.#purse.raise(withoutCharge(raised, this.#whole));
    this.#whole = raised;
  }

  /** One place in the window: takes the next scrape until none is left. */
  async #lane(): Promise<void> {
    for (;;) {
      for (let counting = this.#purse.beforeNext(); counting; counting = this.#purse.beforeNext())
        await counting;
      const next = this.#todo.shift();
      if (!next) return;
      this.#pages.expect();
      const work = this.#isStopped() ? paidPart(next) : next;
      const granted = work !== undefined && (await this.#purse.grant(work));
      if (work && granted && (work.paidOnly || !this.#isStopped())) {
        await this.#scrape(work);
      } else {
        this.#pages.forget();
        if (work && granted) this.#purse.giveBack(work, {});
        if (this.#isStopped() && (this.#input.reset || wasReset('stop'))) await this.#settleStarted(next);
        else this.#leave(next);
      }
    }
  }

  /** After a reset a scrape may run that this run has not come to: it is cancelled and waited for. */
  async #settleStarted(work: Work): Promise<void> {
    const ended = await this.#attached.ended(work.row.scrapeId);
    if (ended.kind === 'recorded') this.#tally.add(ended.record);
    else this.#leave(work);
  }

  async #scrape(work: Work): Promise<void> {
    this.#running.add(work);
    const ended = await this.#child(work);
    this.#running.delete(work);
    const spent = ended === undefined ? work.spent : spentBy(ended);
    const spentNow = withoutCharge(spent, work.spent);
    this.#purse.giveBack(work, spentNow);
    if (ended === undefined) this.#leave(work);
    // Its share was used up by a purchase that failed: another one follows if the ceiling has room when all had their first.
    else if (
      this.#ceiling &&
      !work.paidOnly &&
      ended.failure?.type === 'BudgetExceeded' &&
      !(isFree(spentNow) && isFree(withoutCharge(work.row.bound, work.bound)))
    )
      this.#todo.push({ ...work, bound: work.row.bound, spent, before: ended });
    else this.#tally.add(ended);
    this.#describe();
    await this.#reporter.report(this.#tally, () => this.progress());
  }

  /** A scrape that is not run (again): it stays what it was, or ends here because nothing of it was begun. */
  #leave(work: Work): void {
    const { row, before } = work;
    if (before) this.#tally.add(before);
    else if (this.#isStopped() && paidPart(work)) this.#todo.push(work);
    else (this.#isStopped() ? this.#stopped : this.#refused).push(row);
  }

  /** Buys the scrape with others if that is possible, and runs it as a child; undefined if a cancel came before. */
  async #child(work: Work): Promise<EndedScrape | undefined> {
    const { row, bound, spent, paidOnly = false } = work;
    const share = this.#ceiling && ceilingFields(limitTo(addCharges(spent, bound), this.#ceiling));
    const input = { ...row.input, ...(paidOnly ? PAID_ONLY : share), ...ofBatch(this.#input, row.input) };
    const kind = isFresh(work) ? this.#order.kindOf(row.input) : undefined;
    const outcome = await this.#pages.buy(row.scrapeId, input, kind);
    if (outcome.kind === 'alone') return this.#run(row, input, paidOnly);
    const bought = { ...input, bought: outcome };
    const ended = await this.#run(row, bought, false);
    if (ended || (outcome.kind === 'refused' && !outcome.failure)) return ended;
    return this.#run(row, { ...bought, ...PAID_ONLY }, true); // cancelled before it began, and paid all the same
  }

  /** `collects`: also after a cancel, since it is paid. `neverRan`: it has been created before, without ever running. */
  async #run(
    row: PageRow,
    input: ScrapeInput,
    collects: boolean,
    neverRan = false,
  ): Promise<EndedScrape | undefined> {
    const ref = toRef(row.scrapeId, row.input);
    const run = (): Promise<EndedScrape> =>
      executeCancellableChild(scrapeWorkflow, {
        workflowId: row.scrapeId,
        args: [input],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        workflowIdReusePolicy: scrapeReuse(this.#isReset && !neverRan),
        staticSummary: `${ref.scraper} · ${excerpt(row.input.prompt, 80)}`,
        // Single scrapes (priority 1) pass a batch's; batches share a queue fairly where the server has fairness on.
        priority: { priorityKey: 5, fairnessKey: this.#input.batchId.slice(0, 64) },
        ...(this.#input.searchAttributes && { typedSearchAttributes: scrapeAttributes(ref) }),
      });
    try {
      return await (collects ? CancellationScope.nonCancellable(run) : run());
    } catch (error) {
      if (error instanceof CancelledFailure) return undefined;
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        const ended = await this.#attached.ended(row.scrapeId);
        if (ended.kind === 'neverRan') return this.#run(row, input, collects, true);
        return ended.kind === 'recorded' ? ended.record : this.#terminated(row);
      }
      const outcome = childOutcome(error);
      return outcome.kind === 'ended' ? outcome.scrape : this.#terminated(row);
    }
  }

  /** What kind of page the next row is for; undefined if it does not come before others have ended. */
  #nextKey(): string | undefined {
    const [next] = this.#todo;
    const kind = next && !this.#purse.isWaitedFor && isFresh(next) && this.#order.kindOf(next.row.input);
    return kind ? kind.key : undefined;
  }

  #isStopped(): boolean {
    return this.#input.stopped === true || cancelRequested();
  }

  /** For options of children only, which a replay does not compare (was-reset.ts). */
  get #isReset(): boolean {
    const { runId, originalExecutionRunId } = workflowInfo();
    return this.#input.reset || runId !== originalExecutionRunId;
  }

  async #terminated(row: PageRow): Promise<EndedScrape | undefined> {
    const [record] = await recordEndings([row], terminatedOutside(row.scrapeId));
    return record;
  }

  #describe(): void {
    const progress = this.#tally.snapshot();
    setCurrentDetails(
      describeProgress(progress, formatCharge(addCharges(progress.charge, progress.possiblySpent))),
    );
  }
}
