import { Context, activityInfo } from '@temporalio/activity';
import type { BatchInput, BatchRecord } from '../contracts/batch.ts';
import type { Charge } from '../contracts/money.ts';
import type { PageOutcome } from '../contracts/page-purchase.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import { announced, announcedPage } from './announce.ts';
import { check, takePosted } from './check.ts';
import type { CheckInput, CheckResult } from './check.ts';
import { collect } from './collect.ts';
import type { CollectInput, CollectResult } from './collect.ts';
import { collectorRun } from './collector-run.ts';
import { conclude } from './conclude.ts';
import type { ConcludeInput } from './conclude.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';
import { HintBook } from './hint-book.ts';
import { journalAnswer } from './journal-answer.ts';
import type { JournalAnswerInput } from './journal-answer.ts';
import { loadPage, sumSpent } from './load-page.ts';
import type { LoadedPage } from './load-page.ts';
import { lookBack } from './look-back.ts';
import type { LookBackInput } from './look-back.ts';
import { planBatch } from './plan-batch.ts';
import type { PlanBatchResult } from './plan-batch.ts';
import type { SubmitResult } from './purchase.ts';
import { readBegun } from './read-begun.ts';
import type { Begun, UnbegunScrape } from './read-begun.ts';
import { cancelWorkflows, isWorkflowOpen, readOutcomes } from './read-outcomes.ts';
import type { AttachedOutcome } from './read-outcomes.ts';
import { passStopOn } from './pass-stop-on.ts';
import type { OwnWorkflow } from './pass-stop-on.ts';
import { recallPage } from './recall-page.ts';
import { recall } from './recall.ts';
import type { RecallInput } from './recall.ts';
import { reconcile } from './reconcile.ts';
import type { ReconcileInput } from './reconcile.ts';
import { ResendTurns } from './resend-turns.ts';
import { stopBatchRuns } from './stop-batch.ts';
import type { StopBatchInput } from './stop-batch.ts';
import { submit } from './submit.ts';
import type { SubmitInput } from './submit.ts';
import { sweep } from './sweep.ts';
import type { SweepInput, SweepResult } from './sweep.ts';
import { submitPage } from './submit-page.ts';
import type { SubmitPageInput } from './submit-page.ts';
import { withHeartbeat } from './with-heartbeat.ts';

/** Served on `…/submit`: every call here may cost money. */
export interface SubmitActivities {
  submit(input: SubmitInput): Promise<SubmitResult>;
  submitPage(input: SubmitPageInput): Promise<PageOutcome[]>;
}

/** Served on `…/read`: free calls to the provider. */
export interface ReadActivities {
  check(input: CheckInput): Promise<CheckResult>;
}

/** Served on `…/list`: free calls that tell of many scrapes at once. */
export interface ListActivities {
  collect(input: CollectInput): Promise<CollectResult>;
  sweep(input: SweepInput): Promise<SweepResult>;
}

/** Served on the workflows' own queue: the store and Temporal, no provider. */
export interface StoreActivities {
  takePosted(input: CheckInput): Promise<CheckResult>;
  recall(input: RecallInput): Promise<SubmitResult | { kind: 'nothing' }>;
  recallPage(input: SubmitPageInput): Promise<PageOutcome[]>;
  reconcile(input: ReconcileInput): Promise<SubmitResult>;
  journalAnswer(input: JournalAnswerInput): Promise<void>;
  conclude(input: ConcludeInput): Promise<ScrapeRecord[]>;
  planBatch(input: { input: BatchInput }): Promise<PlanBatchResult>;
  loadPage(input: { batchId: string; page: number; retry?: number }): Promise<LoadedPage>;
  lookBack(input: LookBackInput): Promise<void>;
  sumSpent(input: { batchId: string; pages: number }): Promise<Charge>;
  readBegun(input: { scrapes: UnbegunScrape[] }): Promise<Begun>;
  readOutcomes(input: { scrapeIds: string[] }): Promise<AttachedOutcome[]>;
  cancelWorkflows(input: { workflowIds: string[] }): Promise<void>;
  isWorkflowOpen(input: { workflowId: string }): Promise<boolean>;
  writeBatchRecord(input: { record: BatchRecord }): Promise<void>;
  stopBatchRuns(input: StopBatchInput): Promise<void>;
}

export interface Activities {
  submit: SubmitActivities;
  read: ReadActivities;
  list: ListActivities;
  store: StoreActivities;
}

/**
 * All activities over one set of dependencies, by the kind of queue that serves them. Every one of them beats: without a
 * heartbeat the work of a killed worker is taken over only when the activity's whole time is up.
 */
export function createActivities(deps: ActivityDeps): Activities {
  const book = new HintBook();
  const resends = new ResendTurns();
  return {
    submit: {
      submit: (input) =>
        withHeartbeat(() =>
          passStopOn(ownWorkflow(), async () => announced(deps, input.ref, await submit(deps, input))),
        ),
      submitPage: (input) =>
        withHeartbeat(() =>
          passStopOn(ownWorkflow(), async () =>
            announcedPage(deps, input.rows, await submitPage(deps, input)),
          ),
        ),
    },
    read: { check: (input) => withHeartbeat(() => check(deps, input, activityInfo().attempt)) },
    list: {
      collect: (input) => withHeartbeat(() => collect(deps, input, collectorRun(deps, input, resends), book)),
      sweep: (input) => withHeartbeat(() => sweep(deps, input, collectorRun(deps, input, resends))),
    },
    store: {
      takePosted: (input) => takePosted(deps, input), // local, where nobody listens to a heartbeat
      recall: (input) => withHeartbeat(async () => announced(deps, input.ref, await recall(deps, input))),
      recallPage: (input) =>
        withHeartbeat(async () => announcedPage(deps, input.rows, await recallPage(deps, input))),
      reconcile: (input) =>
        withHeartbeat(async () => announced(deps, input.ref, await reconcile(deps, input))),
      journalAnswer: (input) => withHeartbeat(() => journalAnswer(deps, input)),
      conclude: (input) => withHeartbeat(() => conclude(deps, input)),
      planBatch: (input) => withHeartbeat(() => planBatch(deps, input)),
      loadPage: (input) => withHeartbeat(() => loadPage(deps, input)),
      lookBack: (input) => withHeartbeat(() => lookBack(deps, input)),
      sumSpent: (input) => withHeartbeat(() => sumSpent(deps, input)),
      readBegun: (input) => withHeartbeat(() => readBegun(deps, input)),
      readOutcomes: (input) => withHeartbeat(() => readOutcomes(deps, input)),
      cancelWorkflows: (input) => withHeartbeat(() => cancelWorkflows(input)),
      isWorkflowOpen: (input) => withHeartbeat(() => isWorkflowOpen(input)),
      stopBatchRuns: (input) => withHeartbeat(() => stopBatchRuns(deps, input)),
      writeBatchRecord: ({ record }) =>
        withHeartbeat(() =>
          asFailures(async () => {
            await deps.store.batches.writeRecord(record);
            await deps.fault('batch:record-written');
          }),
        ),
    },
  };
}

/** That of the activity that runs now, and no later run under its id. */
function ownWorkflow(): OwnWorkflow {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? {};
  return {
    attempt: info.attempt,
    cancel: async () => {
      if (workflowId !== undefined) await client.workflow.getHandle(workflowId, runId).cancel();
    },
  };
}
