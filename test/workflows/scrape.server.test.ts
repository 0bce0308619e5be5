import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem();
});
afterAll(() => system.close());

describe('a scrape started with plain JSON', () => {
  it('is bought once, collected and recorded', async () => {
    const workflowId = system.newId();
    const record: ScrapeRecord = await system.client.workflow.execute('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId,
      args: [{ scraper: 'scrapellm/chatgpt', prompt: 'best desk lamp for video calls' }],
    });
    expect(record).toMatchObject({
      scrapeId: workflowId,
      outcome: 'done',
      submissions: 1,
      charge: { credits: 3 },
    });
    expect(await system.store.records.read(workflowId)).toEqual(record);
  });
});
