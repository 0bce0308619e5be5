import { expect, it } from 'vitest';
import { recall } from '../../src/activities/recall.ts';
import { submit } from '../../src/activities/submit.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { createGate } from '../support/gate.ts';
import { openShop } from '../support/bought.ts';

const INPUT: ScrapeInput = { scraper: 'scrapellm/chatgpt', prompt: 'oat milk' };
const ASKED = { ref: toRef('scrape/test/1', INPUT), input: INPUT, n: 1 };

it('a cancel keeps a worker from buying that was frozen right before its intent', async () => {
  const shop = await openShop();
  const [frozen, thawed] = [createGate(), createGate()];
  const worker = shop.with({
    fault: async (point) => {
      if (point !== 'submit:before-intent') return;
      frozen.open();
      await thawed.opened;
    },
  });
  const buying = submit(worker, ASKED);
  buying.catch(() => undefined); // looked at below
  await frozen.opened;
  expect(await recall(shop.deps, ASKED)).toEqual({ kind: 'nothing' });
  thawed.open();
  await expect(buying).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
  expect((await shop.control.state()).totals.submitsSeen).toBe(0);
  // A scrape that is started again after its cancel may buy: the next try is free.
  expect(await submit(shop.deps, ASKED)).toMatchObject({ kind: 'receipt', receipt: { try: 2 } });
});
