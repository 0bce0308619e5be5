import { describe, expect, it } from 'vitest';
import { conclude } from '../../src/activities/conclude.ts';
import { submit } from '../../src/activities/submit.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { buy, openShop } from '../support/bought.ts';
import { createGate } from '../support/gate.ts';

const INPUT: ScrapeInput = { scraper: 'scrapellm/chatgpt', prompt: 'oat milk' };
const ID = 'scrape/test/1';
const TERMINATED = {
  outcome: 'cancelled',
  failure: { type: 'Terminated', message: 'terminated from outside' },
} as const;

it('of a scrape that was terminated keeps how it had ended, but not a record from before a retry bought it again', async () => {
  const { deps } = await openShop();
  const { receipt } = await buy(deps, INPUT, ID);
  const failure = { type: 'TaskFailed', message: 'failed' } as const;
  const { charge, submittedAt: at } = receipt;
  const ended = { scrapeId: ID, n: 1, charge, refundExpected: {}, at, failure };
  await deps.store.journal.createVerdict({ ...ended, outcome: 'failed' });
  const refs = [toRef(ID, INPUT)];
  const [failed] = await conclude(deps, { refs, ending: { outcome: 'failed', failure } });
  expect(await conclude(deps, { refs, ending: TERMINATED })).toEqual([failed]);

  const input = { ...INPUT, retry: { n: 1, from: 2 } };
  await submit(deps, { ref: toRef(ID, INPUT), input, n: 2 });
  const [terminated] = await conclude(deps, { refs, ending: TERMINATED });
  expect(terminated).toMatchObject({ outcome: 'cancelled', submissions: 2, charge: { credits: 6 } });
});

describe('scrapes that a ceiling has no room for', () => {
  const ending = { outcome: 'refused', failure: { type: 'BudgetExceeded', message: 'no room' } } as const;
  const rows = ['a', 'b', 'c'].map((name) => ({
    ref: toRef(`batch/x/${name}/scrapellm/chatgpt/1`, INPUT),
    input: INPUT,
    bound: { credits: 3 },
  }));
  const asked = { refs: rows.map(({ ref }) => ref), ending, refused: rows };

  it('are recorded with what each of them may cost', async () => {
    const { deps } = await openShop();
    const [record] = await conclude(deps, asked);
    expect(record).toMatchObject({
      outcome: 'refused',
      failure: { type: 'BudgetExceeded', message: 'no room; this scrape may cost up to 3 credits' },
    });
  });

  it('are not bought after all by a worker that stood still, and may be bought later', async () => {
    const shop = await openShop();
    const [frozen, thawed] = [createGate(), createGate()];
    const worker = shop.with({
      fault: async (point) => {
        if (point !== 'submit:before-intent') return;
        frozen.open();
        await thawed.opened;
      },
    });
    const [one] = rows;
    if (!one) throw new Error('no row');
    const buying = submit(worker, { ...one, n: 1 });
    buying.catch(() => undefined); // looked at below
    await frozen.opened;
    expect(await conclude(shop.deps, asked)).toHaveLength(3);
    thawed.open();
    await expect(buying).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
    expect((await shop.control.state()).totals.submitsSeen).toBe(0);
    expect(await submit(shop.deps, { ...one, n: 1 })).toMatchObject({ kind: 'receipt', receipt: { try: 2 } });
  });

  it('get no record if they are paid, or may be, and keep none of the others from theirs', async () => {
    const shop = await openShop();
    const [paid, doubtful] = rows;
    if (!paid || !doubtful) throw new Error('no rows');
    await submit(shop.deps, { ...paid, n: 1 });
    await shop.control.script({ on: 'submit', steps: [{ fault: 'error-500-after' }] });
    await submit(shop.deps, { ...doubtful, n: 1 }).catch(() => undefined);
    const records = await conclude(shop.deps, asked);
    expect(records.map(({ scrapeId }) => scrapeId)).toEqual(['batch/x/c/scrapellm/chatgpt/1']);
    expect(await shop.deps.store.records.read(paid.ref.scrapeId)).toBeUndefined();
  });
});
