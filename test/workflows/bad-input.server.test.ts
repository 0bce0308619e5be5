import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ending, jobsOf, start, uniquePrompt } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 100 } });
});
afterAll(() => system.close());

async function failureOf(
  workflowType: string,
  ...args: unknown[]
): Promise<{ type: string; message: string }> {
  const handle = await system.client.workflow.start(workflowType, {
    taskQueue: 'gleaner',
    workflowId: system.newId(),
    args,
  });
  return ending(handle);
}

describe('an input typed into the Temporal UI', () => {
  it.each([
    ['nothing at all', undefined, 'expected one JSON object'],
    ['a list', [[1]], 'expected one JSON object'],
    ['a text', 'hello', 'expected one JSON object'],
    ['no scraper', { prompt: 'x' }, 'input.scraper: missing'],
    [
      'a mistyped scraper',
      { scraper: 'scrapellm/chatgtp', prompt: 'x' },
      'Did you mean "scrapellm/chatgpt"?',
    ],
    ['a number as prompt', { scraper: 'scrapellm/chatgpt', prompt: 7 }, 'input.prompt: expected text, got 7'],
    ['an empty prompt', { scraper: 'scrapellm/chatgpt', prompt: '  ' }, 'input.prompt: must not be empty'],
    ['an unknown field', { scraper: 'scrapellm/chatgpt', promt: 'x' }, 'did you mean "prompt"?'],
    ['too long a prompt', { scraper: 'scrapellm/chatgpt', prompt: 'x'.repeat(4_001) }, 'the most is 4000'],
    ['a bad market', { scraper: 'scrapellm/chatgpt', prompt: 'x', market: 'Germany' }, 'market'],
    ['a refused country', { scraper: 'scrapellm/gemini', prompt: 'x', market: 'JP/ja' }, 'JP'],
    ['a bad parameter', { scraper: 'scrapellm/grok', prompt: 'x', params: { mode: 'FAST' } }, 'params.mode'],
    ['an unknown account', { scraper: 'scrapellm/chatgpt', prompt: 'x', account: 'a b' }, 'input.account'],
  ])('with %s fails at once, naming the field', async (_what, input, words) => {
    const args = input === undefined ? [] : [input];
    const { type, message } = await failureOf('scrapeWorkflow', ...args);
    expect(type).toBe('InvalidInput');
    expect(message).toContain(words);
  });

  it('of another prompt under a used id is refused, naming both, and the first stays what it was', async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    const first = await ending(handle);
    // Typed into the UI the reuse policy is the server's default: a second run of a finished id is allowed.
    const second = await system.client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: handle.workflowId,
      args: [{ scraper: 'scrapellm/chatgpt', prompt: 'another question' }],
    });
    const { type, message } = await ending(second);
    expect(type).toBe('InvalidInput');
    expect(message).toContain(prompt);
    expect(message).toContain('another question');
    expect(await system.store.records.read(handle.workflowId)).toEqual(first.record);
    expect(await jobsOf(system, 'another question')).toHaveLength(0);
  });

  it('of the same prompt under a used id returns the stored result', async () => {
    const prompt = uniquePrompt();
    const handle = await start(system, { prompt });
    const first = await ending(handle);
    const second = await system.client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: handle.workflowId,
      args: [{ scraper: 'scrapellm/chatgpt', prompt }],
    });
    expect((await ending(second)).record).toEqual(first.record);
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('for a mistyped workflow type fails with the names that exist', async () => {
    const { type, message } = await failureOf('scrapeWorkflw', {});
    expect(type).toBe('InvalidInput');
    expect(message).toContain('did you mean "scrapeWorkflow"?');
    expect(message).toContain('batchWorkflow');
  });

  it.each([
    ['a number as name', { name: 7, prompts: ['x'] }, 'input.name: expected text, got 7'],
    ['a bad name', { name: 'a/b', prompts: ['x'] }, 'input.name'],
    ['no prompts', { name: 'none' }, 'input.prompts: missing'],
    ['no scrapers', { name: 'no-scrapers', prompts: ['x'] }, 'scraper'],
    [
      'a mistyped scraper',
      { name: 'typo', prompts: ['x'], scrapers: ['scrapellm/perplexty'] },
      'scrapellm/perplexity',
    ],
    ['an empty list', { name: 'empty', prompts: [], scrapers: ['scrapellm/chatgpt'] }, 'prompts'],
  ])('for a batch with %s fails at once, naming the field', async (_what, input, words) => {
    const { type, message } = await failureOf('batchWorkflow', input);
    expect(type).toBe('InvalidInput');
    expect(message).toContain(words);
  });
});
