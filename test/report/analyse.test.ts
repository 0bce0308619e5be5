import { describe, expect, it } from 'vitest';
import { analyse, citing, median, naming } from '../../src/report/analyse.ts';
import { collectReport } from '../../src/report/collect.ts';
import { BATCH, BRANDS, fillShelf, STARTED, storeOf, type ShelfOptions } from './fixtures.ts';

async function analysisOf(options: ShelfOptions = {}, brands: typeof BRANDS | undefined = BRANDS) {
  const now = new Date(STARTED.getTime() + 3_600_000);
  return analyse(await collectReport(storeOf(fillShelf(options)), BATCH, now), { brands });
}

describe('analyse', () => {
  it('puts every scrape into one state, so that the numbers add up', async () => {
    const { states, results } = await analysisOf();
    const sizes = Object.fromEntries([...states].map(([state, list]) => [state, list.length]));
    expect(sizes).toEqual({ done: 128, empty: 1, failed: 3, expired: 2, unknown: 1, refused: 1, open: 4 });
    expect(results).toHaveLength(140);
  });

  it('takes shares of readable answers only', async () => {
    const { engines } = await analysisOf();
    for (const engine of engines) {
      expect(engine.results).toHaveLength(20);
      expect(engine.read.every((one) => one.state === 'done')).toBe(true);
      for (const name of ['Lumora', 'Brightwell']) {
        const byHand = engine.results.filter((one) =>
          new RegExp(`\\b${name}\\b`, 'i').test(
            one.answer?.text || (one.answer?.products ?? []).map((p) => p.title).join(),
          ),
        );
        expect(naming(engine.read, name)).toEqual(byHand);
      }
    }
  });

  it('counts a website once an answer, and the most cited first', async () => {
    const { domains, results } = await analysisOf();
    const sizes = domains.map((domain) => domain.results.length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    const [top] = domains;
    expect(top?.results).toEqual(
      results.filter((one) => one.answer?.citations?.some((citation) => citation.domain === top?.name)),
    );
    expect(citing(results, top?.name ?? '')).toEqual(top?.results);
    expect(domains.some((domain) => domain.name === '')).toBe(false);
  });

  it('tells an engine that lists no sources from one that had none', async () => {
    const { engines } = await analysisOf();
    expect(engines.find((engine) => engine.name === 'Amazon Rufus')?.sourced).toEqual([]);
    const grok = engines.find((engine) => engine.name === 'Grok');
    expect(grok?.sourced.some((one) => one.answer?.citations?.length === 0)).toBe(true);
  });

  it('adds up charges of records and of what is open', async () => {
    const { money } = await analysisOf();
    // 128 done + 1 empty + 2 expired + 3 open and bought at 3, 3 failed at 6
    expect(money.charge).toEqual({ credits: 3 * (128 + 1 + 2 + 3) + 3 * 6 });
    expect(money.possiblySpent).toEqual({ credits: 3 });
    expect(money.refundExpected).toEqual({ credits: 18 });
    expect([money.charged.length, money.uncertain.length, money.refundable.length]).toEqual([137, 1, 3]);
  });

  it('keeps samples apart and their prompt together', async () => {
    const { prompts, results } = await analysisOf({ prompts: ['same', 'same'], samples: 3 });
    expect(results).toHaveLength(42);
    expect(prompts.map((prompt) => prompt.results.length)).toEqual([21, 21]);
  });

  it('counts no names when none are given', async () => {
    const data = await collectReport(storeOf(fillShelf()), BATCH);
    const { names, results } = analyse(data);
    expect(names).toEqual([]);
    expect(results.every((one) => one.names.size === 0)).toBe(true);
  });
});

describe('median', () => {
  it.each([
    [[], undefined],
    [[5], 5],
    [[1, 3], 2],
    [[1, 2, 90], 2],
  ])('of %j is %j', (list, middle) => {
    expect(median(list)).toBe(middle);
  });
});
