import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccountGate } from '../../src/activities/account-gate.ts';
import { completedSignal } from '../../src/workflows/scrape.ts';
import { ending, eventsOf, jobsOf, pendingFailure, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem(
    { knobs: { attemptFailureRate: 0, durationMs: 200 } },
    { gate: createAccountGate(() => performance.now(), 1_000) },
  );
});
afterAll(() => system.close());

const script = (steps: Array<{ fault: string; ms?: number }>): Promise<unknown> =>
  system.control.script({ on: 'submit', steps: steps as never });

const polls = async (): Promise<number> => (await system.control.state()).calls['GET /jobs/{job_id}'] ?? 0;

/** Events of a scrape that was pending this often, whatever this machine's speed. */
async function eventsAt(pendings: number): Promise<number> {
  const prompt = uniquePrompt();
  const steps = Array.from({ length: pendings }, () => ({ fault: 'unknown-status' as const }));
  await system.control.script({ on: 'poll', steps });
  const before = await polls();
  const handle = await start(system, { prompt });
  await ending(handle);
  expect((await polls()) - before).toBe(pendings + 1);
  return (await eventsOf(system, handle.workflowId)).length;
}

describe('a scrape started with plain JSON', () => {
  it('is bought once, collected and recorded, whatever else the provider offers', async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    const { record } = await ending(handle);
    expect(record).toMatchObject({
      outcome: 'done',
      submissions: 1,
      charge: { credits: 3 },
      possiblySpent: {},
    });
    expect(await system.store.records.read(handle.workflowId)).toEqual(record);
    expect(record?.result).toMatchObject({ normalized: true });
    expect(await jobsOf(system, prompt)).toMatchObject([{ charged: 3, refunded: 0, collected: 1 }]);
  });

  it.each(['🦊', '語', 'ي'])('takes a prompt of 4,000 characters such as %s', async (character) => {
    const prompt = character.repeat(4_000);
    const { record } = await ending(await start(system, { prompt }));
    expect(record?.outcome).toBe('done');
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('takes vendor spellings and writes the scraper in full', async () => {
    const { record } = await ending(
      await start(system, { scraper: 'scrapellm/google_ai_mode', prompt: uniquePrompt() }),
    );
    expect(record?.scraper).toBe('scrapellm/google-ai-mode');
  });

  it('needs no more events the more often it is looked at', async () => {
    expect(await eventsAt(5)).toBe(await eventsAt(0));
    expect(await eventsAt(2)).toBeLessThanOrEqual(20);
  });

  it('looks at once when a hint comes between two looks', async () => {
    const prompt = uniquePrompt();
    await script([{ fault: 'duration', ms: 3_600_000 }]);
    const handle = await start(system, { prompt });
    const [job] = await until(async () => {
      const jobs = await jobsOf(system, prompt);
      return jobs.length > 0 && jobs;
    }, 'the job is made');
    // It waits between two looks, which is where a hint must find it.
    await until(
      async () => (await pendingFailure(system, handle.workflowId))?.includes('not ready yet'),
      'it was looked at',
    );
    await system.control.ready(job?.jobId);
    await handle.signal(completedSignal, { taskId: job?.jobId ?? '' });
    expect((await ending(handle)).record?.outcome).toBe('done');
    expect((await eventsOf(system, handle.workflowId)).length).toBeLessThanOrEqual(25);
  });

  it('needs 25 events at most when a hint comes, and looks at once', async () => {
    const prompt = uniquePrompt();
    await script([{ fault: 'duration', ms: 3_600_000 }]);
    const handle = await start(system, { prompt }, system.newId());
    const [job] = await until(async () => {
      const jobs = await jobsOf(system, prompt);
      return jobs.length > 0 && jobs;
    }, 'the job is made');
    await system.control.ready(job?.jobId);
    await handle.signal(completedSignal, { taskId: job?.jobId ?? '' });
    expect((await ending(handle)).record?.outcome).toBe('done');
    expect((await eventsOf(system, handle.workflowId)).length).toBeLessThanOrEqual(25);
  });

  it("is not moved by a hint about somebody else's task", async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    await handle.signal(completedSignal, { taskId: 'not-ours' });
    expect((await ending(handle)).record?.outcome).toBe('done');
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });
});

describe('a provider that fails', () => {
  it('is bought from again after a failed job, within maxSubmissions, and the refund is expected, not assumed', async () => {
    const prompt = uniquePrompt();
    await script([{ fault: 'fail-job' }, { fault: 'none' }]);
    const { record } = await ending(await start(system, { prompt }));
    expect(record).toMatchObject({
      outcome: 'done',
      submissions: 2,
      charge: { credits: 6 },
      refundExpected: { credits: 3 },
    });
    expect(await jobsOf(system, prompt)).toHaveLength(2);
  });

  it('ends as failed when every submission failed', async () => {
    const prompt = uniquePrompt();
    await script([{ fault: 'fail-job' }, { fault: 'fail-job' }]);
    const { type, record } = await ending(await start(system, { prompt }));
    expect(type).toBe('failed');
    expect(record).toMatchObject({ submissions: 2, charge: { credits: 6 }, refundExpected: { credits: 6 } });
    expect(record?.failure?.type).toBe('TaskFailed');
  });

  it('is asked again after documented refusals, which buy nothing', async () => {
    const prompt = uniquePrompt();
    await script([{ fault: 'rate-limited' }, { fault: 'queue-full' }, { fault: 'error-503' }]);
    const { record } = await ending(await start(system, { prompt }));
    expect(record).toMatchObject({ outcome: 'done', submissions: 1, charge: { credits: 3 } });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it.each(['reset-before', 'reset-after', 'error-504', 'error-504-after', 'no-job-id', 'garbage-body'])(
    'leaves the outcome unknown after %s, buys nothing again and names the money',
    async (fault) => {
      const prompt = uniquePrompt();
      await script([{ fault }]);
      const handle = await start(system, { prompt });
      const { type, record } = await ending(handle);
      expect(type).toBe('unknown');
      expect(record).toMatchObject({ submissions: 1, charge: {}, possiblySpent: { credits: 3 } });
      expect((await jobsOf(system, prompt)).length).toBeLessThanOrEqual(1);
      // Started again, it stays what it is: only a policy may buy a second time.
      const again = await ending(await start(system, { prompt }, handle.workflowId));
      expect(again.type).toBe('unknown');
      expect((await jobsOf(system, prompt)).length).toBeLessThanOrEqual(1);
    },
  );

  it('buys again after a lost answer only where the policy says so, and counts it', async () => {
    const prompt = uniquePrompt();
    await script([{ fault: 'reset-after' }]);
    const { record } = await ending(await start(system, { prompt, onUnknown: 'resubmit' }));
    expect(record).toMatchObject({
      outcome: 'done',
      submissions: 2,
      charge: { credits: 3 },
      possiblySpent: { credits: 3 },
    });
    expect(await jobsOf(system, prompt)).toHaveLength(2);
  });

  it('waits without funds, says why in the pending activity, and goes on by itself once there are some', async () => {
    const prompt = uniquePrompt();
    await script([{ fault: 'credit-limit' }, { fault: 'credit-limit' }]);
    const handle = await start(system, { prompt });
    const why = await until(() => pendingFailure(system, handle.workflowId), 'the reason is shown');
    expect(why).toMatch(/^AccountBlocked: .*[Cc]redit limit/);
    expect((await ending(handle)).record).toMatchObject({ outcome: 'done', submissions: 1 });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('keeps looking through poll faults of every kind', async () => {
    const prompt = uniquePrompt();
    await system.control.script({
      on: 'poll',
      steps: ['error-500', 'html-body', 'garbage-body', 'not-found', 'unknown-status', 'reset'].map(
        (fault) => ({
          fault,
        }),
      ) as never,
    });
    expect((await ending(await start(system, { prompt }))).record?.outcome).toBe('done');
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('keeps a result without text as empty, and it is paid', async () => {
    await script([{ fault: 'empty-answer' }]);
    const { record } = await ending(await start(system, { prompt: uniquePrompt() }));
    expect(record).toMatchObject({ outcome: 'empty', charge: { credits: 3 } });
  });
});

describe('a ceiling', () => {
  it('refuses before anything is sent', async () => {
    const prompt = uniquePrompt();
    const { type, message, record } = await ending(await start(system, { prompt, maxCredits: 2 }));
    expect(type).toBe('refused');
    expect(message).toContain('Raise maxCredits');
    expect(record).toMatchObject({ submissions: 0, charge: {}, failure: { type: 'BudgetExceeded' } });
    expect(await jobsOf(system, prompt)).toHaveLength(0);
  });

  it('counts a failed submission as spent until the provider confirms the refund', async () => {
    const prompt = uniquePrompt();
    await script([{ fault: 'fail-job' }]);
    const { record } = await ending(await start(system, { prompt, maxCredits: 5 }));
    expect(record).toMatchObject({ outcome: 'failed', submissions: 1, charge: { credits: 3 } });
    // `refused` would mean that nothing was bought.
    expect(record?.failure).toMatchObject({ type: 'BudgetExceeded' });
    expect(record?.failure?.message).toMatch(/execution failed.*Not bought again.*Raise maxCredits/s);
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });
});
