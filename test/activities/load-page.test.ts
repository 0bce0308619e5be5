import { expect, it } from 'vitest';
import { sumSpent } from '../../src/activities/load-page.ts';
import { planBatch } from '../../src/activities/plan-batch.ts';
import { submit } from '../../src/activities/submit.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { openShop } from '../support/bought.ts';

it('what a batch has cost is summed over all its scrapes from the journal, with what may have been bought', async () => {
  const { deps, control } = await openShop();
  const prompts = ['one?', 'two?', 'three?'];
  const input = { name: 'lamps', prompts, scrapers: ['scrapellm/grok'] };
  const { manifest } = await planBatch(deps, { input });
  const { batchId, pages } = manifest;
  expect(await sumSpent(deps, { batchId, pages })).toEqual({});
  const [paid, doubtful] = await deps.store.batches.readPage(batchId, 1);
  if (!paid || !doubtful) throw new Error('no rows');
  await submit(deps, { ref: toRef(paid.scrapeId, paid.input), input: paid.input, n: 1 });
  await control.script({ on: 'submit', steps: [{ fault: 'error-500-after' }] });
  const lost = submit(deps, { ref: toRef(doubtful.scrapeId, doubtful.input), input: doubtful.input, n: 1 });
  await expect(lost).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
  expect(await sumSpent(deps, { batchId, pages })).toEqual({ credits: 6 });
});
