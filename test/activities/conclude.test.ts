import { expect, it } from 'vitest';
import { conclude } from '../../src/activities/conclude.ts';
import { submit } from '../../src/activities/submit.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { buy, openShop } from '../support/bought.ts';

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
