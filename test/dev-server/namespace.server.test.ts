import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNamespace, type TestNamespace } from '../support/namespace.ts';

let testing: TestNamespace;
beforeAll(async () => {
  testing = await createNamespace();
});
afterAll(() => testing.close());

test('lets a workflow start with our search attributes at once', async () => {
  const handle = await testing.client.workflow.start('anything', {
    taskQueue: 'nobody',
    workflowId: 'w1',
    searchAttributes: { Scraper: ['scrapellm/chatgpt'], BatchId: ['b'], Account: ['a'], Label: ['l'] },
  });
  expect((await handle.describe()).searchAttributes['Scraper']).toEqual(['scrapellm/chatgpt']);
});
