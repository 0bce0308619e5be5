import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchRecord } from '../../src/contracts/batch.ts';
import { counts, newBatch, startBatch } from '../support/batches.ts';
import { bothAccounts } from '../support/accounts.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

const SCRAPERS = ['scrapellm/chatgpt', 'dataforseo/chatgpt', 'dataforseo/google-images'];

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({
    knobs: { attemptFailureRate: 0, durationMs: 500 },
    dataforseo: { knobs: { durationMs: 500 } },
  });
  await system.stopWorkers();
  await system.startWorkers({}, bothAccounts(system.simulator.url, 120));
});
afterAll(() => system.close());

/** What a batch really cost, from the vendors' own books. */
async function billed(name: string) {
  const { jobs } = await system.control.ledger();
  const { tasks } = await system.control.dataforseo.ledger();
  return {
    credits: 3 * jobs.filter(({ prompt }) => prompt.endsWith(`of ${name}`)).length,
    usdMicros: tasks
      .filter(({ keyword }) => keyword.endsWith(`of ${name}`))
      .reduce((sum, task) => sum + task.chargedMicros, 0),
  };
}

async function failuresOf({ batchId }: BatchRecord): Promise<string[]> {
  const rows = await system.store.batches.readPage(batchId, 1);
  const records = await Promise.all(rows.map(({ scrapeId }) => system.store.records.read(scrapeId)));
  return records.flatMap((record) => (record?.failure ? [record.failure.message] : []));
}

describe('a batch of both providers', () => {
  it('is bought once each and adds up in both currencies', async () => {
    const input = newBatch({ scrapers: SCRAPERS });
    const record = (await (await startBatch(system, input)).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 9 }));
    expect(record.charge).toEqual({ credits: 9, usdMicros: 5_400 });
    expect(await billed(input.name)).toEqual(record.charge);
  });

  it('keeps both ceilings at once, and says of each refused scrape which one was short', async () => {
    const input = newBatch({ scrapers: SCRAPERS, maxCredits: 7, maxUsd: 0.0042, window: 4 });
    const record = (await (await startBatch(system, input)).result()) as BatchRecord;
    expect(await billed(input.name)).toEqual(record.charge);
    expect(record.charge.credits).toBe(6);
    expect(record.charge.usdMicros).toBeLessThanOrEqual(4_200);
    expect(record.charge.usdMicros).toBeGreaterThan(4_200 - 1_200);
    const failures = await failuresOf(record);
    expect(failures).toHaveLength(record.counts.refused);
    expect(failures.filter((one) => /of 7 credits 1 are left. Raise --max-credits/.test(one))).toHaveLength(
      1,
    );
    expect(failures.filter((one) => /of \$0.0042 \$0.\d+ are left. Raise --max-usd/.test(one))).toHaveLength(
      record.counts.refused - 1,
    );
  });

  it('has no limit in a currency without a ceiling, and goes on when the other one is raised', async () => {
    const input = newBatch({ scrapers: SCRAPERS, maxUsd: 0 });
    const first = (await (await startBatch(system, input)).result()) as BatchRecord;
    expect(first.counts).toEqual(counts({ done: 3, refused: 6 }));
    expect(first.charge).toEqual({ credits: 9 });
    const again = await system.client.workflow.execute<() => Promise<BatchRecord>>('batchWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `raised/${input.name}`,
      args: [{ ...input, maxUsd: 0.0054 }] as never, // typed by name only, as from the Temporal CLI
    });
    expect(again.counts).toEqual(counts({ done: 9 }));
    expect(await billed(input.name)).toEqual({ credits: 9, usdMicros: 5_400 });
  });
});
