import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchRecord } from '../../src/contracts/batch.ts';
import { counts, jobsOfBatch, newBatch, resetWorkflow, startBatch } from '../support/batches.ts';
import { until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 500 } });
});
afterAll(() => system.close());

describe('a reset', () => {
  it('of a batch, a partition and a scrape that ended buys nothing again and counts right', async () => {
    const input = newBatch();
    const id = `batch/${input.name}`;
    await (await startBatch(system, input)).result();
    await resetWorkflow(system, `${id}/p1`);
    await system.client.workflow.getHandle(`${id}/p1`).result();
    await resetWorkflow(system, id);
    const record = (await system.client.workflow.getHandle(id).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 6 }));
    expect(await jobsOfBatch(system, input.name)).toBe(6);
  });

  it('of a running batch waits for its partition instead of running it twice', async () => {
    await system.control.setKnobs({ durationMs: 4_000 });
    const input = newBatch();
    const id = `batch/${input.name}`;
    await startBatch(system, input);
    await until(async () => (await jobsOfBatch(system, input.name)) === 6, 'all are bought');
    await resetWorkflow(system, id);
    const record = (await system.client.workflow.getHandle(id).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 6 }));
    expect(await jobsOfBatch(system, input.name)).toBe(6);
    await system.control.setKnobs({ durationMs: 500 });
  });

  it('of a running partition attaches to the scrapes that run', async () => {
    await system.control.setKnobs({ durationMs: 4_000 });
    const input = newBatch();
    const id = `batch/${input.name}`;
    const handle = await startBatch(system, input);
    await until(async () => (await jobsOfBatch(system, input.name)) === 6, 'all are bought');
    // After its page was read, so that the new run believes that nothing was started: its children exist already.
    await resetWorkflow(system, `${id}/p1`, 10);
    const record = (await handle.result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 6 }));
    expect(record.charge).toEqual({ credits: 18 });
    expect(await jobsOfBatch(system, input.name)).toBe(6);
    await system.control.setKnobs({ durationMs: 500 });
  });

  it.each(['the batch', 'its partition'])('of %s under a ceiling spends nothing beyond it', async (what) => {
    await system.control.setKnobs({ durationMs: 3_000 });
    const input = newBatch({ maxCredits: 9, window: 1 });
    const id = `batch/${input.name}`;
    await startBatch(system, input);
    await until(async () => (await jobsOfBatch(system, input.name)) >= 1, 'one is bought');
    await resetWorkflow(system, what === 'the batch' ? id : `${id}/p1`);
    const record = (await system.client.workflow.getHandle(id).result()) as BatchRecord;
    expect(record.charge).toEqual({ credits: 9 });
    expect(record.counts).toEqual(counts({ done: 3, refused: 3 }));
    expect(await jobsOfBatch(system, input.name)).toBe(3);
    await system.control.setKnobs({ durationMs: 500 });
  });

  // What was decided before that point is not decided again: chaos seed 309.
  it('of a partition under a ceiling, to a point at which a scrape has ended, goes on from there', async () => {
    await system.control.setKnobs({ durationMs: 2_000 });
    const input = newBatch({ maxCredits: 9, window: 1 });
    const id = `batch/${input.name}`;
    await startBatch(system, input);
    await until(async () => (await jobsOfBatch(system, input.name)) === 2, 'the second one is bought');
    const { events } = await system.client.workflow.getHandle(`${id}/p1`).fetchHistory();
    const task = events?.findLast((event) => event.workflowTaskCompletedEventAttributes);
    await resetWorkflow(system, `${id}/p1`, Number(task?.eventId));
    const record = (await system.client.workflow.getHandle(id).result()) as BatchRecord;
    expect(record.charge).toEqual({ credits: 9 });
    expect(record.counts).toEqual(counts({ done: 3, refused: 3 }));
    expect(await jobsOfBatch(system, input.name)).toBe(3);
    await system.control.setKnobs({ durationMs: 500 });
  });
});
