import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ending, jobsOf, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

const HOUR_MS = 3_600_000;

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 3_000 } });
});
afterAll(() => system.close());

/** A scrape that was bought before all workers stopped, and the provider's clock going on. */
async function boughtThenOffFor(hours: number): Promise<{ prompt: string; workflowId: string }> {
  const prompt = uniquePrompt();
  const handle = await start(system, { prompt });
  await until(async () => (await system.store.journal.read(handle.workflowId, 1))?.receipt, 'it is bought');
  await system.stopWorkers();
  await system.control.advance(hours * HOUR_MS);
  await system.startWorkers();
  return { prompt, workflowId: handle.workflowId };
}

describe('a system that was off', () => {
  it('for 20 hours collects what was paid', async () => {
    const { prompt, workflowId } = await boughtThenOffFor(20);
    const { record } = await ending(system.client.workflow.getHandle(workflowId));
    expect(record).toMatchObject({ outcome: 'done', charge: { credits: 3 } });
    expect(await jobsOf(system, prompt)).toMatchObject([{ collected: 1 }]);
  });

  it('for 25 hours says expired and names the 3 credits', async () => {
    const { prompt, workflowId } = await boughtThenOffFor(25);
    const { type, message, record } = await ending(system.client.workflow.getHandle(workflowId));
    expect(type).toBe('expired');
    expect(message).toContain('3 credits');
    expect(record).toMatchObject({
      outcome: 'expired',
      charge: { credits: 3 },
      failure: { type: 'TaskExpired' },
    });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });
});

describe('a provider that never forgets a task', () => {
  it('is not asked for ever: an hour past the retention it is given up, with what was last seen', async () => {
    await system.control.script({ on: 'poll', steps: [] });
    // The provider keeps jobs for longer than it says, and this one hangs.
    await system.control.setKnobs({ retentionMs: 100 * HOUR_MS, durationMs: 90 * HOUR_MS });
    const { workflowId } = await boughtThenOffFor(26);
    const { type, message } = await ending(system.client.workflow.getHandle(workflowId));
    await system.control.setKnobs({ retentionMs: 24 * HOUR_MS, durationMs: 3_000 });
    expect(type).toBe('expired');
    expect(message).toContain('it still says "pending"');
  });
});

describe('a provider that does not know a young task', () => {
  it('is asked again: only a look after the retention may say expired', async () => {
    const prompt = uniquePrompt();
    await system.control.script({ on: 'poll', steps: [{ fault: 'not-found' }, { fault: 'not-found' }] });
    const { record } = await ending(await start(system, { prompt }));
    expect(record?.outcome).toBe('done');
  });
});
