import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PagePurchase } from '../../src/contracts/page-purchase.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { createPageSystem } from '../support/pages.ts';
import type { PageSystem } from '../support/pages.ts';
import { ending, start, uniquePrompt, until } from '../support/scrapes.ts';

let system: PageSystem;
beforeAll(async () => {
  system = await createPageSystem();
});
afterAll(() => system.close());

describe('a purchase that somebody typed into an input', () => {
  it.each([
    ['with a receipt that the journal does not know', (id: string) => typed(id), 'the journal has none'],
    [
      'with a receipt that nobody could have got',
      (id: string) => ({ ...typed(id), journalled: false }),
      'never begun',
    ],
    ['of another scrape', () => typed('scrape/other'), 'it is the purchase of "scrape/other"'],
    ['of no shape', () => ({ kind: 'receipt' }), 'leave it out'],
  ])('%s is refused, and neither asked for nor written down', async (_, make, words) => {
    const id = system.newId();
    const calls = (await system.control.dataforseo.calls()).calls.length;
    const bought = make(id) as never;
    const handle = await start(
      system,
      { scraper: 'dataforseo/google-images', prompt: uniquePrompt(), bought },
      id,
    );
    const { type, message } = await ending(handle);
    expect(type).toBe('InvalidInput');
    expect(message).toContain(words);
    expect(await system.store.journal.readAll(id)).toEqual([]);
    expect(await system.store.records.read(id)).toBeUndefined();
    expect((await system.control.dataforseo.calls()).calls).toHaveLength(calls);
  });

  it('and is refused leaves a paid scrape to be collected', async () => {
    const input: ScrapeInput = { scraper: 'dataforseo/google-images', prompt: uniquePrompt() };
    const handle = await system.withDuration(3_000, async () => {
      const begun = await start(system, input);
      const isBought = async () => (await system.store.journal.read(begun.workflowId, 1))?.receipt;
      await until(isBought, 'it is bought');
      return begun;
    });
    await handle.terminate('tried in a test');
    await until(async () => (await handle.describe()).status.name === 'TERMINATED', 'it is terminated');
    const refused = { scrapeId: handle.workflowId, n: 1, try: 1, reason: 'rejected', message: 'no', at: '' };
    const failure = { type: 'ProviderRejected', message: 'no' };
    const bought = { kind: 'refused', journalled: true, refused, failure } as never;
    const liar = await ending(await start(system, { ...input, bought }, handle.workflowId));
    expect(liar).toMatchObject({ type: 'InvalidInput' });
    expect(await system.store.records.read(handle.workflowId)).toBeUndefined();
    const again = await ending(await start(system, input, handle.workflowId));
    expect(again.record).toMatchObject({ outcome: 'done', submissions: 1 });
  });
});

/** A purchase that nobody made. */
function typed(scrapeId: string): PagePurchase {
  return {
    kind: 'receipt',
    journalled: true,
    receipt: {
      scrapeId,
      n: 1,
      try: 1,
      taskId: '11200905-9001-0521-0000-5b1c00aa77e1',
      account: 'simulator',
      endpoint: 'simulator',
      charge: {},
      submittedAt: new Date().toISOString(),
      plan: { firstMs: 1, gapMs: 1_000, wideAfterMs: 1_000, wideGapMs: 1_000, retentionMs: 60_000 },
    },
  };
}
