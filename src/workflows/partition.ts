import {
  CancellationScope,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  defineQuery,
  executeChild,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { CancelledFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { DEFAULT_MAX_SUBMISSIONS } from '../contracts/defaults.ts';
import type { SettledScrape } from '../activities/load-page.ts';
import type { BatchProgress, PageRow, PartitionInput, PartitionResult } from '../contracts/batch.ts';
import { PROGRESS_QUERY } from '../contracts/messages.ts';
import { addCharges, formatCharge } from '../contracts/money.ts';
import { toRef } from '../contracts/to-ref.ts';
import { storeActivities } from './activity-proxies.ts';
import { AttachedScrapes } from './attached-scrapes.ts';
import { Budget } from './budget.ts';
import { cancelRequested } from './cancel-requested.ts';
import { childOutcome } from './child-outcome.ts';
import { overCeiling, recordEndings, stoppedBeforeStart, terminatedOutside } from './never-started.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { scrapeWorkflow } from './scrape.ts';
import { scrapeAttributes } from './search-attributes.ts';
import { Tally, describeProgress } from './tally.ts';
import type { EndedScrape } from './tally.ts';

export const partitionProgressQuery = defineQuery<BatchProgress>(PROGRESS_QUERY);

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
  run = new Partition(input, rows, settled);
  return run.run();
}

class Partition {
  readonly #input: PartitionInput;
  readonly #todo: PageRow[];
  readonly #tally: Tally;
  readonly #budget: Budget;
  readonly #reporter: ProgressReporter;
  readonly #attached = new AttachedScrapes(cancelRequested);
  readonly #refused: PageRow[] = [];
  readonly #stopped: PageRow[] = [];
  /** Rows that hold a grant: those that run or are about to. */
  #grants = 0;
  /** Rows that wait for money until a scrape gives some back. */
  #waiting: Array<() => void> = [];

  constructor(input: PartitionInput, rows: PageRow[], settled: SettledScrape[]) {
    this.#input = input;
    this.#tally = new Tally(input.batchId, rows.length);
    this.#todo = rows.filter((row) => row.settled === undefined);
    this.#budget = new Budget(input.maxCredits);
    this.#reporter = new ProgressReporter(input.page);
    settled.forEach((scrape) => this.#tally.add(scrape));
  }

  progress(): BatchProgress {
    return {
      ...this.#tally.snapshot(),
      ...(this.#waiting.length > 0 && { waiting: 'the ceiling is granted in full' }),
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
    return { ...this.#tally.snapshot(), newlySpent: { credits: this.#budget.committed } };
  }

  /** One place in the window: takes the next row until none is left. */
  async #lane(): Promise<void> {
    for (let row = this.#todo.shift(); row; row = this.#todo.shift()) {
      const granted = this.#isStopped() ? undefined : await this.#grant(row);
      if (this.#isStopped()) {
        if (granted !== undefined) this.#giveBack(granted, 0);
        this.#stopped.push(row);
      } else if (granted === undefined) {
        this.#refused.push(row);
      } else {
        await this.#scrape(row, granted);
      }
    }
  }

  /** Money for all submissions that the row may need, or for fewer; waits while others may give some back. */
  async #grant(row: PageRow): Promise<number | undefined> {
    const bound = row.bound.credits ?? 0;
    const wanted = bound * (row.input.maxSubmissions ?? DEFAULT_MAX_SUBMISSIONS);
    for (;;) {
      const granted = this.#budget.grant(bound, wanted);
      if (granted !== undefined) this.#grants += 1; // at once, so that the next lane sees that money may come back
      if (granted !== undefined || this.#grants === 0 || this.#isStopped()) return granted;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #scrape(row: PageRow, granted: number): Promise<void> {
    const ended = await this.#child(row, granted);
    this.#giveBack(granted, ended === undefined ? 0 : newlySpent(ended, row));
    if (ended) this.#tally.add(ended);
    else this.#stopped.push(row);
    this.#describe();
    await this.#reporter.report(this.#tally);
  }

  #giveBack(granted: number, spent: number): void {
    this.#grants -= 1;
    this.#budget.settle(granted, spent);
    this.#waiting.splice(0).forEach((wake) => wake());
  }

  /** Runs the scrape as a child; undefined if a cancel came before it was started. */
  async #child(row: PageRow, granted: number): Promise<EndedScrape | undefined> {
    const ref = toRef(row.scrapeId, row.input);
    const ceiling =
      this.#input.maxCredits === undefined ? {} : { maxCredits: (row.spent.credits ?? 0) + granted };
    try {
      return await executeChild(scrapeWorkflow, {
        workflowId: row.scrapeId,
        args: [{ ...row.input, ...ceiling }],
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

/** What a scrape cost on top of what it had cost before this run. */
function newlySpent(ended: EndedScrape, row: PageRow): number {
  const total = addCharges(ended.charge, ended.possiblySpent).credits ?? 0;
  return Math.max(0, total - (row.spent.credits ?? 0));
}

function excerpt(prompt: string): string {
  const line = prompt.replace(/\s+/g, ' ').trim();
  return Array.from(line).slice(0, 80).join('');
}
