import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import { readStartInput } from '../../src/client/start-workflow.ts';
import type { BatchInput } from '../../src/contracts/batch.ts';
import { jobsOf, uniquePrompt } from '../support/scrapes.ts';
import { createSystem, type TestSystem } from '../support/system.ts';
import { connectTo, refusal } from './gleaner-support.ts';

let system: TestSystem;
let gleaner: Gleaner;
/** Of a task queue that no worker polls. */
let waiting: Gleaner;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 200 } });
  gleaner = await connectTo(system);
  waiting = await connectTo(system, { taskQueue: 'nobody-polls-this' });
});
afterAll(() => system.close());

const place = (index: number): string => `line ${index + 2}`;
const SCRAPERS = ['scrapellm/chatgpt', 'scrapellm/grok'];

describe('a batch that is started', () => {
  it('is attached to while it runs and after it has ended, and is bought once', async () => {
    const prompt = uniquePrompt();
    const input: BatchInput = {
      name: 'lamps',
      prompts: [prompt, { prompt: 'chairs', id: 'chairs' }],
      scrapers: SCRAPERS,
    };
    const started = await gleaner.startBatch(input);
    expect(started).toMatchObject({
      batchId: 'batch/lamps',
      attached: false,
      resumed: false,
      total: 4,
      bound: { credits: 12 },
    });
    expect(await gleaner.startBatch(input)).toMatchObject({ attached: true, runId: started.runId });
    const record = await gleaner.waitForBatch('batch/lamps');
    expect(record).toMatchObject({ total: 4, counts: { done: 4, open: 0 }, charge: { credits: 12 } });
    const again = await gleaner.startBatch({ ...input, window: 7 });
    expect(again).toMatchObject({ attached: true, running: false, runId: started.runId });
    const manifest = await system.store.batches.readManifest('batch/lamps');
    expect(again.startedAt).toBe(manifest?.createdAt);
    expect(await jobsOf(system, prompt)).toHaveLength(2);
    expect(await gleaner.batchStatus('batch/lamps')).toMatchObject({ state: 'ended', record });

    const { kind, message } = await refusal(gleaner.startBatch({ ...input, scrapers: ['scrapellm/grok'] }));
    expect(kind).toBe('conflict');
    expect(message).toMatch(/4 scrapes and began \d{4}-\d\d-\d\d, this one has 2/);
    expect(await gleaner.freeBatchName('lamps')).toBe('lamps-2');
    expect(await gleaner.freeBatchName('desks')).toBe('desks');

    const results = [];
    for await (const result of gleaner.results('batch/lamps')) results.push(result);
    expect(results.map(({ record }) => record.scraper)).toEqual([...SCRAPERS, ...SCRAPERS]);
    expect(results.every(({ answer }) => answer && answer.text.length > 0)).toBe(true);
    const [one] = results;
    for await (const result of gleaner.results(one?.record.scrapeId ?? '')) expect(result).toEqual(one);
  });

  it('goes on under a higher ceiling, counting what was bought, and under no other', async () => {
    const prompts = [uniquePrompt(), uniquePrompt(), uniquePrompt()];
    const input = { name: 'ceiling', prompts, scrapers: ['scrapellm/chatgpt'], maxCredits: 5 };
    await gleaner.startBatch(input);
    expect(await gleaner.waitForBatch('batch/ceiling')).toMatchObject({ counts: { done: 1, refused: 2 } });
    expect(await gleaner.startBatch(input)).toMatchObject({ attached: true });
    expect(await gleaner.startBatch({ ...input, maxCredits: 8 })).toMatchObject({
      attached: false,
      resumed: true,
    });
    expect(await gleaner.waitForBatch('batch/ceiling')).toMatchObject({
      counts: { done: 2, refused: 1 },
      charge: { credits: 6 },
    });
    const jobs = await Promise.all(prompts.map((prompt) => jobsOf(system, prompt)));
    expect(jobs.flat()).toHaveLength(2);
  });

  it('names every problem at once, with where it is, and starts nothing', async () => {
    const prompts = [{ prompt: 'fine' }, { prompt: '', market: 'Mars' }, { prompt: 'x'.repeat(4_001) }];
    const bad = await refusal(
      gleaner.startBatch({ name: 'a b', prompts, scrapers: ['scrapellm/chatgtp'], samples: 0 }),
    );
    expect(bad.kind).toBe('invalid-input');
    for (const part of ['name:', 'scrapers[0]', 'samples:', 'prompts[1].prompt', 'prompts[1].market']) {
      expect(bad.message).toContain(part);
    }
    const tooLong = await refusal(
      gleaner.startBatch(
        { name: 'long', prompts: [{ prompt: 'x'.repeat(4_001) }], scrapers: SCRAPERS },
        { place },
      ),
    );
    expect(tooLong.message).toContain('line 2, scrapellm/chatgpt, prompt: has 4001 characters');
    expect(await system.store.batches.readManifest('batch/long')).toBeUndefined();
  });

  it('travels through the store when its prompts are large, and is compared there before a worker has read it', async () => {
    const prompts = Array.from({ length: 400 }, (_, i) => ({
      id: `p${i}`,
      prompt: `${'long '.repeat(60)}${i}`,
    }));
    const input = { name: 'large', prompts, scrapers: SCRAPERS };
    const { runId } = await waiting.startBatch(input);
    const sent = (await readStartInput(await waiting.temporal(), 'batch/large', runId)) as BatchInput;
    expect(sent.prompts).toBeUndefined();
    expect(sent.manifest).toMatch(/^uploads\//);
    expect(await waiting.startBatch(input)).toMatchObject({ attached: true });
    expect(await refusal(waiting.startBatch({ ...input, prompts: prompts.slice(1) }))).toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('800 scrapes'),
    });
  });

  it('says that no worker polls, and can be cancelled before one does', async () => {
    await waiting.startBatch({ name: 'idle', prompts: ['one'], scrapers: SCRAPERS });
    expect(await waiting.batchStatus('batch/idle')).toMatchObject({
      state: 'running',
      progress: { batchId: 'batch/idle', total: 0 },
      waiting: expect.stringContaining('no worker polls'),
    });
    await waiting.cancel('batch/idle');
    expect((await refusal(waiting.batchStatus('batch/none'))).kind).toBe('not-found');
  });

  it('says what holds its scrapes up', async () => {
    await system.control.script({
      on: 'submit',
      steps: [{ fault: 'credit-limit' }, { fault: 'credit-limit' }] as never,
    });
    await gleaner.startBatch({ name: 'poor', prompts: ['one'], scrapers: ['scrapellm/grok'] });
    let status = await gleaner.batchStatus('batch/poor');
    // Until then it waits for other things, such as its manifest.
    while (!status.waiting?.includes('AccountBlocked')) status = await gleaner.batchStatus('batch/poor');
    await gleaner.cancel('batch/poor');
    expect(await gleaner.waitForBatch('batch/poor')).toMatchObject({ counts: { cancelled: 1 }, charge: {} });
    expect(await gleaner.batchStatus('batch/poor')).toMatchObject({ state: 'cancelled' });
  });
});
