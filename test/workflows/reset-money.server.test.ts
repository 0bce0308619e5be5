import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConcludeInput } from '../../src/activities/conclude.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { LoadedPage } from '../../src/activities/load-page.ts';
import { readBegun } from '../../src/activities/read-begun.ts';
import type { UnbegunScrape } from '../../src/activities/read-begun.ts';
import { cancelWorkflows, readOutcomes } from '../../src/activities/read-outcomes.ts';
import type { PageRow, PartitionInput, PartitionResult } from '../../src/contracts/batch.ts';
import { RAISE_CEILING_SIGNAL } from '../../src/contracts/messages.ts';
import type { Charge } from '../../src/contracts/money.ts';
import type { ScrapeInput, ScrapeRecord } from '../../src/contracts/scrape.ts';
import { counts, resetWorkflow } from '../support/batches.ts';
import { createNamespace } from '../support/namespace.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { until } from '../support/scrapes.ts';
import { END_SIGNAL } from './end-signal.ts';

// Scrapes of prices that no provider has, which end when the test says so: only the partition is real here.
let space: TestNamespace;
let stopWorker: () => Promise<void>;
let bundle: WorkflowBundleWithSourceMap | undefined;
let rows: PageRow[] = [];
/** What was bought, and what was written down of its end, by scrape. */
const bought = new Map<string, Charge>();
const records = new Map<string, ScrapeRecord>();
const store = {
  journal: {
    readAll: (id: string) => Promise.resolve(bought.has(id) ? [{ receipt: { charge: bought.get(id) } }] : []),
  },
  records: { read: (id: string) => Promise.resolve(records.get(id)) },
};
const deps = { store } as unknown as ActivityDeps; // all that the activities of `src` read here

beforeAll(async () => {
  space = await createNamespace();
  await startWorker();
});
afterAll(async () => {
  await stopWorker();
  await space.close();
});

it.each(['a reset', 'a second reset, to a later point'])(
  'after %s under a ceiling, what the earlier run began counts before anything else is granted',
  async (which) => {
    begin(['failed', 12], ['small', 6], ['another small', 6], ['open', 6]);
    rows.push(row('failed later', 12), row('dear', 24), row('cheap', 6), row('as cheap', 6));
    const partition = await start({ window: 4, maxCredits: 42, ceiling: { credits: 42 } });
    for (const name of ['failed', 'small', 'another small', 'open']) await untilBegun(name);
    if (which !== 'a reset') {
      await resetWorkflow(space, partition.workflowId, await taskOfItsOwn());
    }
    await end('failed', 0);
    await untilBegun('failed later');
    const point = await taskThatStarted('failed later');
    await end('failed later', 0);
    await untilBegun('dear'); // and nothing is left for the cheap ones
    for (const name of ['small', 'another small']) await end(name, 6);
    await end('dear', 24);

    await resetWorkflow(space, partition.workflowId, point);
    await end('open', 6);
    const { counts: ends, charge } = await partitionResult();
    expect(charge).toEqual({ credits: 42 });
    expect(ends).toEqual(counts({ failed: 2, done: 4, refused: 2 }));
  },
);

it('what waited for money at the point of a reset, and got it in the earlier run, counts too', async () => {
  begin(['open', 12], ['raised for', 24], ['cheap', 12]);
  const partition = await start({ window: 2, maxCredits: 24, ceiling: { credits: 24 } });
  await untilBegun('open');
  const point = await taskOfItsOwn();
  await partition.signal(RAISE_CEILING_SIGNAL, { maxCredits: 36 });
  await untilBegun('raised for');
  await end('raised for', 24);

  // As somebody does who takes the raise back.
  await resetWorkflow(space, partition.workflowId, point, { withoutSignals: true });
  await end('open', 12);
  const { counts: ends, charge } = await partitionResult();
  expect(charge).toEqual({ credits: 36 });
  expect(ends).toEqual(counts({ done: 2, refused: 1 }));
});

it('what was set aside by the run between two resets is not set aside twice', async () => {
  begin(['open', 6], ['first', 6], ['second', 12], ['third', 12]);
  const partition = await start({ window: 2, maxCredits: 30, ceiling: { credits: 30 } });
  await untilBegun('open');
  await untilBegun('first');
  await end('first', 6);
  await untilBegun('second');
  const point = await taskThatStarted('second');
  await end('second', 12);
  await resetWorkflow(space, partition.workflowId, point);
  await until(async () => (await taskAfterCount()) !== undefined, 'it was counted');

  await resetWorkflow(space, partition.workflowId, await taskAfterCount());
  await end('open', 0);
  await untilBegun('third'); // with the money that the open one gave back
  await end('third', 12);
  const { counts: ends, charge } = await partitionResult();
  expect(charge).toEqual({ credits: 30 });
  expect(ends).toEqual(counts({ done: 3, failed: 1 }));
});

it('a cancel right after a reset keeps what the earlier run began and collected', async () => {
  begin(['first', 3], ['second', 3]);
  const partition = await start({ window: 1 });
  await untilBegun('first');
  await end('first', 3);
  await untilBegun('second');
  await end('second', 3);
  const point = await taskThatStarted('second');
  await stopWorker();
  await resetWorkflow(space, partition.workflowId, point);
  await partition.cancel();
  await startWorker();
  expect((await partitionResult()).counts).toEqual(counts({ done: 2 }));
});

async function startWorker(): Promise<void> {
  bundle ??= await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./ended-by-signal.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const worker = await Worker.create({
    connection: space.nativeConnection,
    namespace: space.namespace,
    taskQueue: 'gleaner',
    workflowBundle: bundle,
    activities: {
      loadPage: (): Promise<LoadedPage> => Promise.resolve({ rows, settled: [] }),
      readBegun: (input: { scrapes: UnbegunScrape[] }) => readBegun(deps, input),
      readOutcomes: (input: { scrapeIds: string[] }) => readOutcomes(deps, input),
      cancelWorkflows,
      conclude: ({ refs, ending }: ConcludeInput) =>
        Promise.resolve(
          refs.map((ref) => ({ ...ref, ...ending, charge: {}, possiblySpent: {}, refundExpected: {} })),
        ),
    },
  });
  const running = worker.run();
  stopWorker = () => {
    worker.shutdown();
    return running;
  };
}

let batches = 0;
/** A page of its own. */
function begin(...page: Array<[name: string, credits: number]>): void {
  batches += 1;
  rows = page.map(([name, credits]) => row(name, credits));
}

function row(name: string, credits: number): PageRow {
  const input: ScrapeInput = { scraper: 'scrapellm/chatgpt', prompt: name };
  return { scrapeId: idOf(name), input, bound: { credits }, spent: {} };
}

function idOf(name: string): string {
  return `batch/b${batches}/${name}/scrapellm/chatgpt/1`;
}

function partition(): WorkflowHandle {
  return space.client.workflow.getHandle(`batch/b${batches}/p1`);
}

async function start(input: Partial<PartitionInput>): Promise<WorkflowHandle> {
  const batchId = `batch/b${batches}`;
  await space.client.workflow.start('partitionWorkflow', {
    taskQueue: 'gleaner',
    workflowId: `${batchId}/p1`,
    args: [{ batchId, page: 1, pages: 1, window: 1, searchAttributes: false, reset: false, ...input }],
  });
  return partition();
}

function partitionResult(): Promise<PartitionResult> {
  return partition().result() as Promise<PartitionResult>;
}

async function untilBegun(name: string): Promise<void> {
  const handle = space.client.workflow.getHandle(idOf(name));
  const isOpen = async (): Promise<boolean> => (await handle.describe()).status.name === 'RUNNING';
  await until(() => isOpen().catch(() => false), `${name} is begun`);
}

/** Ends a scrape, in journal and records too; returns when its partition has heard of it. */
async function end(name: string, credits: number): Promise<void> {
  const scrapeId = idOf(name);
  const charge = credits === 0 ? {} : { credits };
  const outcome = credits === 0 ? 'failed' : 'done';
  const record = { scrapeId, outcome, charge, possiblySpent: {}, refundExpected: {} };
  bought.set(scrapeId, charge);
  records.set(scrapeId, record as ScrapeRecord); // as much of it as a partition reads
  await space.client.workflow.getHandle(scrapeId).signal(END_SIGNAL, charge);
  await until(async () => {
    const ends = (await history()).map((event) => event.childWorkflowExecutionCompletedEventAttributes);
    return ends.some((ended) => ended?.workflowExecution?.workflowId === scrapeId);
  }, `${name} has ended`);
}

/** The workflow task in which a scrape was started. */
async function taskThatStarted(name: string): Promise<number> {
  const starts = (await history()).map((event) => event.startChildWorkflowExecutionInitiatedEventAttributes);
  return Number(starts.find((started) => started?.workflowId === idOf(name))?.workflowTaskCompletedEventId);
}

/** A workflow task that changes nothing. */
async function taskOfItsOwn(): Promise<number | undefined> {
  const before = (await tasks()).length;
  await partition().signal(RAISE_CEILING_SIGNAL, {});
  await until(async () => (await tasks()).length > before, 'it was heard');
  return (await tasks()).at(-1);
}

/** The workflow task that was told what the run before a reset began. */
async function taskAfterCount(): Promise<number | undefined> {
  const events = await history();
  const asked = events.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'readBegun',
  );
  const told = events.find((event) =>
    event.activityTaskCompletedEventAttributes?.scheduledEventId?.eq(asked?.eventId ?? 0),
  );
  return told && (await tasks()).find((id) => id > Number(told.eventId));
}

/** Ids of the ends of its workflow tasks. */
async function tasks(): Promise<number[]> {
  const ends = (await history()).filter((event) => event.workflowTaskCompletedEventAttributes);
  return ends.map(({ eventId }) => Number(eventId));
}

async function history() {
  return (await partition().fetchHistory()).events ?? [];
}
