import { expect, it } from 'vitest';
import { adoptFound } from '../../src/audit/adopt-found.ts';
import type { BatchRecord } from '../../src/contracts/batch.ts';
import { emptyCounts } from '../../src/contracts/outcomes.ts';
import { createAuditBench, found } from './audit-bench.ts';
import type { AuditBench } from './audit-bench.ts';

const BATCH = 'batch/lamps';
const IDS = [`${BATCH}/one/dataforseo/google-images/1`, `${BATCH}/two/dataforseo/google-images/1`];

/** A batch of two scrapes that has ended, with the record that its workflow wrote. */
async function endedBatch(): Promise<{ bench: AuditBench; record: BatchRecord }> {
  const bench = await createAuditBench();
  const input = { scraper: 'dataforseo/google-images', prompt: 'lamps' };
  const createdAt = new Date().toISOString();
  await bench.store.batches.create(
    {
      batchId: BATCH,
      fingerprint: 'a'.repeat(64),
      createdAt,
      simulated: true,
      pages: 1,
      total: IDS.length,
      bound: { usdMicros: 1_200 },
    },
    [IDS.map((scrapeId) => ({ scrapeId, input, bound: { usdMicros: 600 } }))],
  );
  for (const id of IDS) await bench.scrape(id);
  const record: BatchRecord = {
    batchId: BATCH,
    total: IDS.length,
    counts: { ...emptyCounts(), done: 2 },
    charge: { usdMicros: 1_200 },
    possiblySpent: {},
    refundExpected: {},
    startedAt: createdAt,
    endedAt: createdAt,
    simulated: true,
  };
  await bench.store.batches.writeRecord(record);
  return { bench, record };
}

it('is clean where a batch is the sum of its scrapes', async () => {
  const { bench } = await endedBatch();
  expect(found(await bench.audit({ accounts: [] }))).toEqual([]);
});

it.each([
  [
    'charge',
    { charge: { usdMicros: 600 } },
    'charge is {"usdMicros":600} instead of {"usdMicros":1200}',
    600,
  ],
  ['counts', { counts: { ...emptyCounts(), done: 1, empty: 1 } }, 'instead of {"done":2}', 0],
  ['refunds', { refundExpected: { usdMicros: 5 } }, 'refundExpected is {"usdMicros":5} instead of {}', 0],
])(
  'names %s in the record of a batch that its scrapes do not have, and sums them anew',
  async (_, edit, words, off) => {
    const { bench, record } = await endedBatch();
    await bench.store.batches.writeRecord({ ...record, ...edit });
    const audit = await bench.audit({ accounts: [] });
    expect(audit.findings).toMatchObject([{ code: 'batch-differs', batchId: BATCH }]);
    expect(audit.findings[0]?.message).toContain(words);
    expect(audit.findings[0]?.charge.usdMicros ?? 0).toBe(off);
    const { adopted, start } = await adoptFound(bench.store, [], audit);
    expect({ start, batches: adopted.map(({ batchId }) => batchId) }).toEqual({
      start: [],
      batches: [BATCH],
    });
    expect(await bench.store.batches.readRecord(BATCH)).toEqual(record);
  },
);

it('says it as a note where nobody can tell whether the batch runs, and nothing while it does', async () => {
  const { bench, record } = await endedBatch();
  await bench.store.batches.writeRecord({ ...record, charge: {} });
  const audit = (state: 'unasked' | 'running') =>
    bench.audit({ accounts: [], workflows: { wasRunning: () => false, stateOf: async () => state } });
  const unasked = await audit('unasked');
  expect(unasked.findings).toEqual([]);
  expect(unasked.notes.join()).toContain(`${BATCH}: its record is not the sum`);
  expect((await audit('running')).notes.join()).not.toContain(BATCH);
});

it('reads it again once nobody is at it: a retry may have ended in between', async () => {
  const { bench, record } = await endedBatch();
  await bench.store.batches.writeRecord({ ...record, charge: {} });
  const stateOf = async () => {
    await bench.store.batches.writeRecord(record);
    return 'ended' as const;
  };
  expect(found(await bench.audit({ accounts: [], workflows: { wasRunning: () => false, stateOf } }))).toEqual(
    [],
  );
});

it('names the scrape alone where the sum is wrong because of one of its scrapes', async () => {
  const { bench } = await endedBatch();
  const record = await bench.store.records.read(IDS[0] ?? '');
  if (!record) throw new Error('no record');
  await bench.store.records.write({ ...record, charge: {} });
  expect(found(await bench.audit({ accounts: [] }))).toEqual([`record-differs ${IDS[0]}`]);
});
