import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ending, jobsOf, pendingFailure, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 2_000 } });
});
afterAll(() => system.close());

describe('a scrape that was begun on one account', () => {
  it('is never bought or collected on another: the worker says which one it needs, and waits for it', async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    await until(async () => (await system.store.journal.read(handle.workflowId, 1))?.receipt, 'it is bought');
    await system.stopWorkers();

    await system.startWorkers({}, [{ ...system.account, name: 'other' }]);
    const needs = /^AccountBlocked: .*begun on account "simulator"/;
    const shown = (workflowId: string): Promise<boolean> =>
      until(async () => needs.test((await pendingFailure(system, workflowId)) ?? ''), 'the reason is shown');
    await shown(handle.workflowId);

    // The same id started again while only the other account is there: nothing is bought, and it waits as well.
    await handle.terminate('tried in a test');
    const again = await start(system, { prompt }, handle.workflowId);
    await shown(again.workflowId);
    await again.terminate('tried in a test');

    await system.stopWorkers();
    await system.startWorkers();
    const { record } = await ending(await start(system, { prompt }, handle.workflowId));
    expect(record).toMatchObject({ outcome: 'done', submissions: 1, account: 'simulator' });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });
});
