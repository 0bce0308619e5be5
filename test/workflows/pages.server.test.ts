import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { BatchInput, BatchRecord } from '../../src/contracts/batch.ts';
import type { PagePurchase } from '../../src/contracts/page-purchase.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import type { TaskFault } from '../../src/simulator/dataforseo/faults.ts';
import type { LedgerTask } from '../../src/simulator/dataforseo/ledger.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { createAccountBook } from '../../src/worker/account-book.ts';
import { simulatedDataForSeo } from '../support/accounts.ts';
import { counts, newBatch, resetWorkflow, startBatch } from '../support/batches.ts';
import { ending, eventsOf, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

/** Looks come a second apart: what these tests are about is the buying. */
const TIME_SCALE = 1_000;

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({
    knobs: { attemptFailureRate: 0, durationMs: 500 },
    dataforseo: { knobs: { durationMs: 500 } },
  });
  await system.stopWorkers();
  await startAllWorkers();
});
afterAll(() => system.close());

describe('a batch of both providers', () => {
  it('buys one provider’s tasks in one call a scraper, the other’s one by one, and each once', async () => {
    const scrapers = ['dataforseo/google-images', 'scrapellm/chatgpt', 'dataforseo/google-news'];
    const input = newBatch({ scrapers, prompts: questions(12) });
    const posts = await postCount();
    const record = await run(input);
    expect(record.counts).toEqual(counts({ done: 36 }));
    expect(await tasksOf(input)).toHaveLength(24);
    expect(await jobsOf(input)).toBe(12);
    expect(await postCount()).toBe(posts + 2);
  });

  it('keeps histories small: 12 events at most for a scrape that was bought in a page and looked at', async () => {
    const input = dataForSeoBatch(4);
    await run(input);
    const [row] = await system.store.batches.readPage(`batch/${input.name}`, 1);
    const events = await eventsOf(system, row?.scrapeId ?? '');
    expect(events.length).toBeLessThanOrEqual(12);
    expect(events.filter((event) => event.startsWith('activityTaskScheduled'))).toHaveLength(1);
  });
});

describe('a window smaller than the batch', () => {
  it('is never passed by a page, and the pages follow each other', async () => {
    const input = dataForSeoBatch(10, { window: 4 });
    const posts = await postCount();
    const record = await run(input);
    expect(record.counts).toEqual(counts({ done: 10 }));
    expect(await tasksOf(input)).toHaveLength(10);
    expect(await postCount()).toBe(posts + 3); // 4, 4, 2
  });
});

describe('what goes wrong in a page', () => {
  it('ends a refused task as refused with nothing spent, and its neighbours as done', async () => {
    const input = dataForSeoBatch(4);
    await scriptTask(input, 1, { faults: ['rejected'], code: 40_501 });
    const posts = await postCount();
    const record = await run(input);
    expect(record.counts).toEqual(counts({ done: 3, refused: 1 }));
    expect(await tasksOf(input)).toHaveLength(3);
    expect(await postCount()).toBe(posts + 1);
  });

  it('buys by itself what only this try was refused', async () => {
    const input = dataForSeoBatch(3);
    await scriptTask(input, 0, { faults: ['rejected'], code: 40_006 });
    const record = await run(input);
    expect(record.counts).toEqual(counts({ done: 3 }));
    expect(await tasksOf(input)).toHaveLength(3);
  });

  it('buys a failed task again, once and by itself', async () => {
    const input = dataForSeoBatch(3);
    await scriptTask(input, 2, { faults: ['engine-error'] });
    const record = await run(input);
    expect(record.counts).toEqual(counts({ done: 3 }));
    expect(await tasksOf(input)).toHaveLength(4);
  });

  it.each(['drop-before', 'drop-after'] as const)(
    'makes exactly the tasks of a lost answer unknown (%s), with their money, and buys none twice',
    async (fault) => {
      const input = dataForSeoBatch(3);
      await system.control.dataforseo.script({ on: 'call', call: 'task_post', steps: [{ fault }] });
      const record = await run(input);
      expect(record.counts).toEqual(counts({ unknown: 3 }));
      expect(record.possiblySpent.usdMicros).toBeGreaterThan(0);
      expect(await tasksOf(input)).toHaveLength(fault === 'drop-after' ? 3 : 0);
    },
  );
});

describe('a cancel', () => {
  it('while the account cannot buy ends the batch with nothing bought', async () => {
    const input = dataForSeoBatch(4);
    const steps = Array.from({ length: 30 }, () => ({ fault: 'root-error' as const, code: 40_202 }));
    await system.control.dataforseo.script({ on: 'call', call: 'task_post', steps });
    const handle = await startBatch(system, input);
    const refused = async (): Promise<unknown> => (await submissionOf(input, 0))?.refused;
    await until(refused, 'the page is refused once');
    await handle.cancel();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    await system.control.dataforseo.script({ on: 'call', call: 'task_post', steps: [] });
    const record = await system.store.batches.readRecord(`batch/${input.name}`);
    expect(record?.counts).toEqual(counts({ cancelled: 4 }));
    expect(await tasksOf(input)).toHaveLength(0);
    expect((await run(input)).counts).toEqual(counts({ done: 4 }));
  });

  it('while the page is being bought collects everything that it bought', async () => {
    const input = dataForSeoBatch(4);
    const step = { fault: 'slow' as const, ms: 1_500 };
    await system.control.dataforseo.script({ on: 'call', call: 'task_post', steps: [step] });
    const handle = await startBatch(system, input);
    await until(async () => (await tasksOf(input)).length === 4, 'the tasks are made');
    await handle.cancel();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    const record = await system.store.batches.readRecord(`batch/${input.name}`);
    expect(record?.counts).toEqual(counts({ done: 4 }));
  });
});

describe('a cancel between a page and its scrapes', () => {
  it('collects everything that the page bought', async () => {
    const input = dataForSeoBatch(4);
    const step = { fault: 'slow' as const, ms: 1_000 };
    await system.control.dataforseo.script({ on: 'call', call: 'task_post', steps: [step] });
    const handle = await startBatch(system, input);
    await until(async () => (await tasksOf(input)).length === 4, 'the tasks are made');
    await system.stopWorkers(); // the page ends, and nobody is there to hear of it
    expect((await submissionOf(input, 3))?.receipt).toBeDefined();
    await handle.cancel();
    await startAllWorkers();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    const record = await system.store.batches.readRecord(`batch/${input.name}`);
    expect(record?.counts).toEqual(counts({ done: 4 }));
    expect(await tasksOf(input)).toHaveLength(4);
  });
});

describe('a reset after pages were bought', () => {
  it.each(['the batch', 'its partition'])('of %s buys nothing again and collects all', async (what) => {
    await system.control.dataforseo.setKnobs({ durationMs: 4_000 });
    const input = dataForSeoBatch(4);
    const id = `batch/${input.name}`;
    await startBatch(system, input);
    await until(async () => (await tasksOf(input)).length === 4, 'the page is bought');
    await resetWorkflow(system, what === 'the batch' ? id : `${id}/p1`);
    const record = (await system.client.workflow.getHandle(id).result()) as BatchRecord;
    await system.control.dataforseo.setKnobs({ durationMs: 500 });
    expect(record.counts).toEqual(counts({ done: 4 }));
    expect(await tasksOf(input)).toHaveLength(4);
  });
});

describe('a purchase that somebody typed into an input', () => {
  const typed = (scrapeId: string): PagePurchase => ({
    kind: 'receipt',
    journalled: true,
    receipt: {
      scrapeId,
      n: 1,
      try: 1,
      taskId: '11200905-9001-0521-0000-5b1c00aa77e1',
      account: 'simulator',
      endpoint: 'simulator',
      charge: {},
      submittedAt: new Date().toISOString(),
      plan: { firstMs: 1, gapMs: 1_000, wideAfterMs: 1_000, wideGapMs: 1_000, retentionMs: 60_000 },
    },
  });

  it.each([
    ['with a receipt that the journal does not know', (id: string) => typed(id), 'the journal has none'],
    [
      'with a receipt that nobody could have got',
      (id: string) => ({ ...typed(id), journalled: false }),
      'never begun',
    ],
    ['of another scrape', () => typed('scrape/other'), 'it is the purchase of "scrape/other"'],
    ['of no shape', () => ({ kind: 'receipt' }), 'leave it out'],
  ])('%s is refused, and neither asked for nor written down', async (_, make, words) => {
    const id = system.newId();
    const calls = (await system.control.dataforseo.calls()).calls.length;
    const bought = make(id) as never;
    const handle = await start(
      system,
      { scraper: 'dataforseo/google-images', prompt: uniquePrompt(), bought },
      id,
    );
    const { type, message } = await ending(handle);
    expect(type).toBe('InvalidInput');
    expect(message).toContain(words);
    expect(await system.store.journal.readAll(id)).toEqual([]);
    expect(await system.store.records.read(id)).toBeUndefined();
    expect((await system.control.dataforseo.calls()).calls).toHaveLength(calls);
  });

  it('and is refused leaves a paid scrape to be collected', async () => {
    const input: ScrapeInput = { scraper: 'dataforseo/google-images', prompt: uniquePrompt() };
    await system.control.dataforseo.setKnobs({ durationMs: 3_000 });
    const handle = await start(system, input);
    await until(async () => (await system.store.journal.read(handle.workflowId, 1))?.receipt, 'it is bought');
    await handle.terminate('tried in a test');
    await until(async () => (await handle.describe()).status.name === 'TERMINATED', 'it is terminated');
    const refused = { scrapeId: handle.workflowId, n: 1, try: 1, reason: 'rejected', message: 'no', at: '' };
    const failure = { type: 'ProviderRejected', message: 'no' };
    const bought = { kind: 'refused', journalled: true, refused, failure } as never;
    const liar = await ending(await start(system, { ...input, bought }, handle.workflowId));
    expect(liar).toMatchObject({ type: 'InvalidInput' });
    expect(await system.store.records.read(handle.workflowId)).toBeUndefined();
    const again = await ending(await start(system, input, handle.workflowId));
    await system.control.dataforseo.setKnobs({ durationMs: 500 });
    expect(again.record).toMatchObject({ outcome: 'done', submissions: 1 });
  });
});

describe('a receipt that could not be written', () => {
  it('is written by the scrape before it is looked at', async () => {
    await system.stopWorkers();
    const { store } = system;
    const lost = new Set<string>();
    const journal: typeof store.journal = {
      ...store.journal,
      createReceipt: async (receipt) => {
        if (lost.has(receipt.scrapeId)) return store.journal.createReceipt(receipt);
        lost.add(receipt.scrapeId);
        throw new StoreError('unavailable', 'journal', 'full on purpose');
      },
    };
    await startAllWorkers({ store: { ...store, journal } });
    const input = dataForSeoBatch(3);
    const record = await run(input);
    await system.stopWorkers();
    await startAllWorkers();
    expect(lost.size).toBe(3);
    expect(record.counts).toEqual(counts({ done: 3 }));
    expect((await submissionOf(input, 0))?.receipt).toBeDefined();
  });
});

function startAllWorkers(overrides: Partial<ActivityDeps> = {}): Promise<unknown> {
  const accounts = [system.account, simulatedDataForSeo(system.simulator.url, TIME_SCALE)];
  const book = createAccountBook(accounts, true);
  return system.startWorkers({ accounts: book, ...overrides }, accounts);
}

/** A batch of one scraper that no other test uses. */
function dataForSeoBatch(prompts: number, input: Partial<BatchInput> = {}): BatchInput {
  return newBatch({ scrapers: ['dataforseo/google-images'], prompts: questions(prompts), ...input });
}

let asked = 0;

function questions(howMany: number): string[] {
  asked += 1;
  return Array.from({ length: howMany }, (_, n) => `red kettle ${asked}-${n}`);
}

async function run(input: BatchInput): Promise<BatchRecord> {
  return (await (await startBatch(system, input)).result()) as BatchRecord;
}

async function tasksOf({ prompts = [] }: BatchInput): Promise<LedgerTask[]> {
  const { tasks } = await system.control.dataforseo.ledger();
  return tasks.filter(({ keyword }) => prompts.includes(keyword));
}

async function submissionOf({ name }: BatchInput, index: number) {
  const rows = await system.store.batches.readPage(`batch/${name}`, 1).catch(() => []);
  const scrapeId = rows[index]?.scrapeId;
  return scrapeId === undefined ? undefined : system.store.journal.read(scrapeId, 1);
}

async function postCount(): Promise<number> {
  const { calls } = await system.control.dataforseo.calls();
  return calls.filter(({ call }) => call === 'task_post').length;
}

function scriptTask(
  { prompts = [] }: BatchInput,
  index: number,
  step: { faults: TaskFault[]; code?: number },
): Promise<unknown> {
  const keyword = String(prompts[index]);
  return system.control.dataforseo.script({ on: 'task', keyword, steps: [step] });
}

async function jobsOf({ prompts = [] }: BatchInput): Promise<number> {
  const { jobs } = await system.control.ledger();
  return jobs.filter(({ prompt }) => prompts.includes(prompt)).length;
}
