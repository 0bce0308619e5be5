import { expect, it } from 'vitest';
import { planBatch } from '../../src/activities/plan-batch.ts';
import type { BatchInput } from '../../src/contracts/batch.ts';
import { openShop } from '../support/bought.ts';

const INPUT: BatchInput = { name: 'lamps', prompts: ['best lamp?'], scrapers: ['scrapellm/chatgpt'] };

it('a batch finds itself under its name, and another one is refused there', async () => {
  const { deps } = await openShop();
  const first = await planBatch(deps, { input: INPUT });
  expect(await planBatch(deps, { input: INPUT })).toEqual(first);
  const other = planBatch(deps, { input: { ...INPUT, prompts: ['best desk?'] } });
  await expect(other).rejects.toMatchObject({
    type: 'InvalidInput',
    message: expect.stringContaining('"lamps" is the name of another batch') as string,
  });
});
