import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetWorkflow } from '../support/batches.ts';
import { ending, jobsOf, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 2_500 } });
});
afterAll(() => system.close());

describe('a cancel', () => {
  it('ends the buying: a scrape that waits to be bought ends as cancelled with nothing spent', async () => {
    const prompt = uniquePrompt();
    await system.control.script({
      on: 'submit',
      steps: Array.from({ length: 30 }, () => ({ fault: 'rate-limited' })),
    });
    const handle = await start(system, { prompt });
    await until(
      async () => (await system.store.journal.readAll(handle.workflowId)).length > 0,
      'it was refused once',
    );
    await handle.cancel();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    await system.control.script({ on: 'submit', steps: [] });
    expect(await system.store.records.read(handle.workflowId)).toMatchObject({
      outcome: 'cancelled',
      submissions: 0,
      charge: {},
    });
    expect(await jobsOf(system, prompt)).toHaveLength(0);

    // The same id started again buys: the withdrawn try does not stand in the way.
    const again = await ending(await start(system, { prompt }, handle.workflowId));
    expect(again.record).toMatchObject({ outcome: 'done', submissions: 1 });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('during the purchase learns that it went through, and collects it', async () => {
    const prompt = uniquePrompt();
    await system.control.setKnobs({ slowSubmitMs: 1_500 });
    await system.control.script({ on: 'submit', steps: [{ fault: 'slow' }] });
    const handle = await start(system, { prompt });
    await until(async () => (await jobsOf(system, prompt)).length > 0, 'the job is made');
    await handle.cancel();
    expect((await ending(handle)).record).toMatchObject({ outcome: 'done', charge: { credits: 3 } });
    expect(await jobsOf(system, prompt)).toMatchObject([{ collected: 1 }]);
  });

  it('after the purchase changes nothing: what is paid is collected', async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    await until(async () => (await system.store.journal.read(handle.workflowId, 1))?.receipt, 'it is bought');
    await handle.cancel();
    expect((await ending(handle)).record).toMatchObject({ outcome: 'done', charge: { credits: 3 } });
  });

  it('buys no second submission after a failed one', async () => {
    const prompt = uniquePrompt();
    await system.control.script({ on: 'submit', steps: [{ fault: 'fail-job' }] });
    const handle = await start(system, { prompt });
    await until(async () => (await system.store.journal.read(handle.workflowId, 1))?.receipt, 'it is bought');
    await handle.cancel();
    const { type, record } = await ending(handle);
    expect(type).toBe('failed');
    expect(record).toMatchObject({ submissions: 1, charge: { credits: 3 }, refundExpected: { credits: 3 } });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('while a second submission waits to be bought ends as failed, with what the first one cost', async () => {
    const prompt = uniquePrompt();
    const faults = ['fail-job', ...Array.from({ length: 30 }, () => 'rate-limited' as const)];
    await system.control.script({ on: 'submit', steps: faults.map((fault) => ({ fault })) as never });
    const handle = await start(system, { prompt });
    await until(
      async () => (await system.store.journal.read(handle.workflowId, 2))?.refused,
      'it was refused once',
    );
    await handle.cancel();
    const { type, record } = await ending(handle);
    await system.control.script({ on: 'submit', steps: [] });
    expect(type).toBe('failed');
    expect(record).toMatchObject({ submissions: 1, charge: { credits: 3 }, failure: { type: 'TaskFailed' } });
  });

  it('of another request under a used id, before any worker saw it, leaves the first one alone', async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    const first = await ending(handle);
    await system.stopWorkers();
    const other = await system.client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: handle.workflowId,
      args: [{ scraper: 'scrapellm/grok', prompt: 'something else' }],
    });
    await other.cancel();
    await system.startWorkers();
    const { type, message } = await ending(other);
    expect(type).toBe('InvalidInput');
    expect(message).toContain('something else');
    expect(await system.store.records.read(handle.workflowId)).toEqual(first.record);
  });

  it('while the outcome is unknown waits until it is settled and names the money', async () => {
    const prompt = uniquePrompt();
    await system.control.script({ on: 'submit', steps: [{ fault: 'reset-after' }] });
    const handle = await start(system, { prompt });
    await until(async () => (await jobsOf(system, prompt)).length > 0, 'the job is made');
    await handle.cancel();
    const { type, record } = await ending(handle);
    expect(type).toBe('unknown');
    expect(record?.possiblySpent).toEqual({ credits: 3 });
  });
});

describe('a scrape ended from outside', () => {
  it('is picked up from its receipt when the same id is started again', async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    await until(async () => (await system.store.journal.read(handle.workflowId, 1))?.receipt, 'it is bought');
    await handle.terminate('tried in a test');
    await until(async () => (await handle.describe()).status.name === 'TERMINATED', 'it is terminated');
    const again = await ending(await start(system, { prompt }, handle.workflowId));
    expect(again.record).toMatchObject({ outcome: 'done', submissions: 1, charge: { credits: 3 } });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('is not bought again by a reset to before the submit, while it runs and after it ended', async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    await until(async () => (await system.store.journal.read(handle.workflowId, 1))?.receipt, 'it is bought');
    await resetWorkflow(system, handle.workflowId);
    expect((await ending(system.client.workflow.getHandle(handle.workflowId))).record?.outcome).toBe('done');
    await resetWorkflow(system, handle.workflowId);
    const after = await ending(system.client.workflow.getHandle(handle.workflowId));
    expect(after.record).toMatchObject({ outcome: 'done', submissions: 1, charge: { credits: 3 } });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });
});
