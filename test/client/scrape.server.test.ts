import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import { bindStore } from '../../src/client/store-binding.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { jobsOf, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem, type TestSystem } from '../support/system.ts';
import { connectTo, refusal } from './gleaner-support.ts';

const NOBODY = 'nobody-polls-this';

let system: TestSystem;
let gleaner: Gleaner;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 200 } });
  gleaner = await connectTo(system);
});
afterAll(() => system.close());

describe('a scrape that is started', () => {
  it('is bought once however often it is started, and says that it was there', async () => {
    const input = { scraper: 'scrapellm/chatgpt', prompt: uniquePrompt() };
    const id = system.newId();
    const [one, two] = await Promise.all([
      gleaner.startScrape(input, { id }),
      gleaner.startScrape(input, { id }),
    ]);
    expect(one.attached).toBe(!two.attached);
    expect(one.bound).toEqual({ credits: 3 });
    const record = await gleaner.waitForScrape(id);
    expect(record).toMatchObject({ outcome: 'done', scraper: 'scrapellm/chatgpt', charge: { credits: 3 } });
    expect(await gleaner.startScrape(input, { id })).toMatchObject({ attached: true, runId: one.runId });
    expect(await jobsOf(system, input.prompt)).toHaveLength(1);
  });

  it('has an id that speaks, a summary and our search attributes', async () => {
    const { scrapeId } = await gleaner.startScrape({
      scraper: 'scrapellm/grok',
      prompt: uniquePrompt(),
      label: 'lamps',
    });
    expect(scrapeId).toMatch(/^scrape\/scrapellm\/grok\/[0-9a-f-]{36}$/);
    const { searchAttributes, priority } = await system.client.workflow.getHandle(scrapeId).describe();
    expect(searchAttributes).toMatchObject({
      Scraper: ['scrapellm/grok'],
      Account: ['default'],
      Label: ['lamps'],
    });
    expect(priority?.priorityKey).toBe(1);
  });

  it('is refused under the id of another one that has ended, and buys nothing', async () => {
    const id = system.newId();
    await gleaner.startScrape({ scraper: 'scrapellm/chatgpt', prompt: uniquePrompt('chair') }, { id });
    await gleaner.waitForScrape(id);
    const other = uniquePrompt('bed');
    const { kind, message } = await refusal(
      gleaner.startScrape({ scraper: 'scrapellm/chatgpt', prompt: other }, { id }),
    );
    expect(kind).toBe('conflict');
    expect(message).toContain('best chair');
    expect(message).toContain('best bed');
    expect(await jobsOf(system, other)).toHaveLength(0);
  });

  it('is refused under the id of another one that no worker has begun', async () => {
    const waiting = await connectTo(system, { taskQueue: NOBODY });
    const id = system.newId();
    await waiting.startScrape({ scraper: 'scrapellm/chatgpt', prompt: 'one' }, { id });
    const again = waiting.startScrape(
      { scraper: 'scrapellm/chatgpt', prompt: 'one', market: 'US/en' },
      { id },
    );
    expect(await again).toMatchObject({ attached: true }); // the same, with its default written out
    expect(
      await refusal(waiting.startScrape({ scraper: 'scrapellm/grok', prompt: 'one' }, { id })),
    ).toMatchObject({
      kind: 'conflict',
    });
  });

  it('names every problem of a bad input at once and starts nothing', async () => {
    const id = 'batch/of-mine';
    const bad = { scraper: 'scrapellm/chatgtp', prompt: '', market: 'xx1', maxCredits: -1 };
    const { kind, message } = await refusal(gleaner.startScrape(bad, { id }));
    expect(kind).toBe('invalid-input');
    for (const part of ['Did you mean "scrapellm/chatgpt"', 'prompt:', 'market:', 'maxCredits:', 'id:']) {
      expect(message).toContain(part);
    }
    await expect(system.client.workflow.getHandle(id).describe()).rejects.toThrow('not found');
  });

  it.each([
    [{ prompt: 'x'.repeat(4_001) }, 'has 4001 characters; the most is 4000'],
    [{ scraper: 'scrapellm/gemini', market: 'JP' }, 'does not serve JP and TW'],
    [{ params: { web_serch: false } }, 'unknown for scrapellm/chatgpt'],
    [{ scraper: 'scrapellm/perplexity', params: { web_serch: false } }, 'Did you mean "web_search"'],
  ])('is checked by its provider before it is started: %#', async (bad, words) => {
    const input = { scraper: 'scrapellm/chatgpt', prompt: 'fine', ...bad };
    expect(await refusal(gleaner.startScrape(input as never))).toMatchObject({
      kind: 'invalid-input',
      message: expect.stringContaining(words),
    });
  });
});

describe('waiting for a scrape', () => {
  it('resolves with the record of one that did not succeed, too', async () => {
    const { scrapeId } = await gleaner.startScrape({
      scraper: 'scrapellm/chatgpt',
      prompt: uniquePrompt(),
      maxCredits: 2,
    });
    expect(await gleaner.waitForScrape(scrapeId)).toMatchObject({
      outcome: 'refused',
      failure: { type: 'BudgetExceeded' },
    });
  });

  it('fails for an id that nothing has, and for one that was ended from outside', async () => {
    expect((await refusal(gleaner.waitForScrape('nothing/at-all'))).kind).toBe('not-found');
    const waiting = await connectTo(system, { taskQueue: NOBODY });
    const { scrapeId } = await waiting.startScrape({ scraper: 'scrapellm/chatgpt', prompt: 'one' });
    await system.client.workflow.getHandle(scrapeId).terminate('by hand');
    expect(await refusal(waiting.waitForScrape(scrapeId))).toMatchObject({
      kind: 'ended',
      message: expect.stringContaining('Start the same id again'),
    });
  });
});

describe('the status of a scrape', () => {
  it('is its record once it has one, also when Temporal does not know it any more', async () => {
    const { scrapeId } = await gleaner.startScrape({ scraper: 'scrapellm/chatgpt', prompt: uniquePrompt() });
    const record = await gleaner.waitForScrape(scrapeId);
    expect(await gleaner.scrapeStatus(scrapeId)).toEqual({ scrapeId, state: 'ended', record });
    expect((await refusal(gleaner.scrapeStatus('nothing/at-all'))).kind).toBe('not-found');
  });

  it('says that no worker polls', async () => {
    const waiting = await connectTo(system, { taskQueue: NOBODY });
    const { scrapeId } = await waiting.startScrape({ scraper: 'scrapellm/chatgpt', prompt: 'one' });
    expect(await waiting.hasWorker()).toBe(false);
    expect(await gleaner.hasWorker()).toBe(true);
    expect(await waiting.scrapeStatus(scrapeId)).toMatchObject({
      state: 'running',
      waiting: expect.stringContaining(`no worker polls the task queue "${NOBODY}"`),
    });
  });

  it('says what the provider said of the account, and a cancel ends it with nothing bought', async () => {
    await system.control.script({ on: 'submit', steps: [{ fault: 'credit-limit' }] as never });
    const prompt = uniquePrompt();
    const { scrapeId } = await gleaner.startScrape({ scraper: 'scrapellm/chatgpt', prompt });
    const waiting = await until(
      async () => (await gleaner.scrapeStatus(scrapeId)).waiting,
      'it says why it waits',
    );
    expect(waiting).toMatch(/^AccountBlocked: .*Credit limit reached.*tried once, again at \d\d:\d\d:\d\d/);
    await gleaner.cancel(scrapeId);
    expect((await gleaner.waitForScrape(scrapeId)).outcome).toBe('cancelled');
    expect((await refusal(gleaner.cancel(scrapeId))).kind).toBe('ended');
    expect(await jobsOf(system, prompt)).toHaveLength(0);
  });

  it('cannot be asked of what cannot be cancelled', async () => {
    expect((await refusal(gleaner.cancel('nothing/at-all'))).kind).toBe('not-found');
  });
});

describe('a namespace that works with another store', () => {
  it('takes no scrape of this one, and binds to the first store for good', async () => {
    const temporal = await gleaner.temporal();
    await bindStore(temporal, system.store);
    await bindStore(temporal, system.store);
    const other = await openFileStore(`${system.folder}/other`, { simulated: true });
    const { kind, message } = await refusal(bindStore(temporal, other));
    expect(kind).toBe('wrong-store');
    expect(message).toContain(system.store.location);
    expect(message).toContain(other.location);
    const stranger = await connectTo(system, { store: other });
    expect((await refusal(stranger.startScrape({ scraper: 'scrapellm/chatgpt', prompt: 'one' }))).kind).toBe(
      'wrong-store',
    );
    expect(await gleaner.startScrape({ scraper: 'scrapellm/chatgpt', prompt: uniquePrompt() })).toMatchObject(
      {
        attached: false,
      },
    );
  });
});
