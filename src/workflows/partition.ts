import {
  CancellationScope,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  defineQuery,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { CancelledFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { SettledScrape } from '../activities/load-page.ts';
import type { BatchProgress, PageRow, PartitionInput, PartitionResult } from '../contracts/batch.ts';
import { PROGRESS_QUERY } from '../contracts/messages.ts';
import { addCharges, formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { toRef } from '../contracts/to-ref.ts';
import { storeActivities } from './activity-proxies.ts';
import { AttachedScrapes } from './attached-scrapes.ts';
import { Budget } from './budget.ts';
import { cancelRequested } from './cancel-requested.ts';
import { childOutcome } from './child-outcome.ts';
import { creditsLeft } from './credits-left.ts';
import { executeCancellableChild } from './execute-child.ts';
import { overCeiling, recordEndings, stoppedBeforeStart, terminatedOutside } from './never-started.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { scrapeWorkflow } from './scrape.ts';
import { scrapeAttributes } from './search-attributes.ts';
import { Tally, describeProgress } from './tally.ts';
import type { EndedScrape } from './tally.ts';

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
  const { rows, settled } = await CancellationScope.nonCancellable(() =>
    storeActivities.loadPage.executeWithOptions({ summary: `read page ${input.page}` }, [
      { batchId: input.batchId, page: input.page },
    ]),
  );
  run = new Partition(await withMoneyLeft(input), rows, settled);
  return run.run();
}

/** A partition that is reset begins with what is left now: its run before the reset spent some of what it was given. */
async function withMoneyLeft(input: PartitionInput): Promise<PartitionInput> {
  const { runId, originalExecutionRunId } = workflowInfo();
  if (input.ceiling === undefined || runId === originalExecutionRunId) return input;
  return { ...input, maxCredits: await creditsLeft(input.batchId, input.pages, input.ceiling) };
}

class Partition {
  readonly #input: PartitionInput;
  readonly #todo: Work[];
  readonly #tally: Tally;
  readonly #budget: Budget;
  readonly #reporter: ProgressReporter;
  readonly #attached = new AttachedScrapes(() => this.#isStopped());
  readonly #refused: PageRow[] = [];
  readonly #stopped: PageRow[] = [];
  /** Rows that hold a grant: those that run or are about to. */
  #grants = 0;
  /** Scrapes that run now. */
  readonly #running = new Set<Work>();
  readonly #endedBefore: number;
  /** Rows that wait for money until a scrape gives some back. */
  #waiting: Array<() => void> = [];

  constructor(input: PartitionInput, rows: PageRow[], settled: SettledScrape[]) {
    this.#input = input;
    this.#tally = new Tally(input.batchId, rows.length);
    this.#todo = rows.filter((row) => row.settled === undefined).map(toWork);
    this.#budget = new Budget(input.maxCredits);
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
      ...(this.#waiting.length > 0 && {
        waiting: 'the ceiling is granted in full until scrapes in flight give money back',
      }),
    };
  }

  async run(): Promise<PartitionResult> {
    this.#describe();
    const lanes = Math.min(this.#input.window, this.#todo.length);
    await Promise.all(Array.from({ length: lanes }, () => this.#lane()));
    const ceiling = this.#input.ceiling ?? this.#input.maxCredits ?? 0;
    for (const scrape of [
      ...(await recordEndings(this.#refused, overCeiling(ceiling, this.#budget.left))),
      ...(await recordEndings(this.#stopped, stoppedBeforeStart())),
    ]) {
      this.#tally.add(scrape);
    }
    this.#describe();
    return { ...this.#tally.snapshot(), endedBefore: this.#endedBefore };
  }

  /** One place in the window: takes the next scrape until none is left. */
  async #lane(): Promise<void> {
    for (let next = this.#todo.shift(); next; next = this.#todo.shift()) {
      const work = this.#isStopped() ? paidPart(next) : next;
      const granted = work !== undefined && (await this.#grant(work));
      if (work && granted && (work.paidOnly || !this.#isStopped())) {
        await this.#scrape(work);
      } else {
        if (work && granted) this.#giveBack(work, 0);
        if (this.#isReset && this.#isStopped()) await this.#settleStarted(next);
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

  /** Money for one purchase; waits while others may give some back. */
  async #grant({ bound }: Work): Promise<boolean> {
    for (;;) {
      const granted = this.#budget.grant(bound);
      if (granted) this.#grants += 1; // at once, so that the next lane sees that money may come back
      if (granted || this.#grants === 0 || this.#isStopped()) return granted;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #scrape(work: Work): Promise<void> {
    this.#running.add(work);
    const ended = await this.#child(work);
    this.#running.delete(work);
    const spent = ended === undefined ? work.spent : spentBy(ended);
    this.#giveBack(work, Math.max(0, spent - work.spent));
    if (ended === undefined) this.#leave(work);
    // Its share was used up by a purchase that failed: another one follows if the ceiling has room when all had their first.
    else if (
      this.#hasCeiling &&
      !work.paidOnly &&
      ended.failure?.type === 'BudgetExceeded' &&
      (spent > work.spent || work.bound < full(work))
    )
      this.#todo.push({ ...work, bound: full(work), spent, before: ended });
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

  #giveBack({ bound }: Work, spent: number): void {
    this.#grants -= 1;
    this.#budget.settle(bound, spent);
    this.#waiting.splice(0).forEach((wake) => wake());
  }

  /** Runs the scrape as a child; undefined if a cancel came before it was started. */
  async #child({ row, bound, spent, paidOnly }: Work): Promise<EndedScrape | undefined> {
    const ref = toRef(row.scrapeId, row.input);
    const ceiling = this.#hasCeiling ? { maxCredits: spent + bound } : {};
    const limits = paidOnly ? { maxCredits: 0, maxSubmissions: 1 } : ceiling;
    const run = (): Promise<EndedScrape> =>
      executeCancellableChild(scrapeWorkflow, {
        workflowId: row.scrapeId,
        args: [{ ...row.input, ...limits, ...batchRun() }],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        // After a reset nothing that ended may run again, also not what somebody cancelled on purpose. In a batch that
        // was started again, what bought nothing may; the journal answers for everything else.
        workflowIdReusePolicy: this.#isReset
          ? WorkflowIdReusePolicy.REJECT_DUPLICATE
          : WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        staticSummary: `${ref.scraper} · ${excerpt(row.input.prompt)}`,
        // Single scrapes (priority 1) pass a batch's; batches share a queue fairly where the server has fairness on.
        priority: { priorityKey: 5, fairnessKey: this.#input.batchId.slice(0, 64) },
        ...(this.#input.searchAttributes && { typedSearchAttributes: scrapeAttributes(ref) }),
      });
    try {
      return await (paidOnly ? CancellationScope.nonCancellable(run) : run());
    } catch (error) {
      if (error instanceof CancelledFailure) return undefined;
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        const ended = await this.#attached.ended(row.scrapeId);
        return ended.kind === 'recorded' ? ended.record : this.#terminated(row);
      }
      const outcome = childOutcome(error);
      return outcome.kind === 'ended' ? outcome.scrape : this.#terminated(row);
    }
  }

  #isStopped(): boolean {
    return this.#input.stopped === true || cancelRequested();
  }

  get #hasCeiling(): boolean {
    return this.#input.maxCredits !== undefined;
  }

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

/** Lets a cancel of the batch stop its scrapes' purchases before it has reached each of them. */
function batchRun(): { batchRun?: string } {
  const { parent } = workflowInfo();
  return parent ? { batchRun: parent.runId } : {};
}

/** A scrape that is left to do. Money in credits. */
interface Work {
  row: PageRow;
  /** Its share of the ceiling: the most that one purchase costs, or nothing while an earlier run's is to be collected. */
  bound: number;
  /** What it has cost so far. */
  spent: number;
  /** How it ended under its first share of the ceiling. */
  before?: EndedScrape;
  /** The batch was cancelled: only what an earlier run paid for is collected, and nothing is bought. */
  paidOnly?: boolean;
}

/** What is left of a scrape after a cancel: nothing, unless an earlier run bought it and did not collect it. */
function paidPart(work: Work): Work | undefined {
  if (work.spent === 0 || work.before || work.paidOnly) return undefined;
  return { ...work, bound: 0, paidOnly: true };
}

/** What an earlier run paid needs no money to be collected, so that a ceiling that is reached never leaves it behind. */
function toWork(row: PageRow): Work {
  const spent = row.spent.credits ?? 0;
  return { row, bound: spent > 0 ? 0 : (row.bound.credits ?? 0), spent };
}

/** What its next purchase can cost; one that an earlier run paid for is only collected. */
function inFlightBound({ row, bound, spent, paidOnly }: Work): Charge {
  return paidOnly || (spent > 0 && bound === 0) ? {} : row.bound;
}

function full({ row }: Work): number {
  return row.bound.credits ?? 0;
}

function spentBy(ended: EndedScrape): number {
  return addCharges(ended.charge, ended.possiblySpent).credits ?? 0;
}

function excerpt(prompt: string): string {
  const line = prompt.replace(/\s+/g, ' ').trim();
  return Array.from(line).slice(0, 80).join('');
}
