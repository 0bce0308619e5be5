import { describe, expect, it } from 'vitest';
import { GEMINI, IMAGES, ORGANIC, startBench, TASK, type Bench } from './helpers.ts';

const GPT = 'ai_optimization/chat_gpt/llm_scraper';
const PATHS = [
  GEMINI,
  GPT,
  ORGANIC,
  IMAGES,
  'serp/google/ai_mode',
  'serp/google/news',
  'serp/google/maps',
  'serp/bing/organic',
];

async function resultOf(
  bench: Bench,
  path: string,
  fields = {},
  variant = 'advanced',
): Promise<Record<string, unknown>> {
  const id = await bench.buy(path, fields);
  const [result] = (await bench.get(`${path}/task_get/${variant}/${id}`)).tasks[0]?.result ?? [];
  if (!result) throw new Error(`no result of ${path}`);
  return result;
}

async function markdownOf(bench: Bench): Promise<unknown> {
  return (await resultOf(bench, GEMINI)).markdown;
}

describe('results of the simulated DataForSEO', () => {
  it.each(PATHS)('of %s are about the keyword, and count their items', async (path) => {
    const bench = await startBench({ aiOverviewRate: 1 });
    const result = await resultOf(bench, path, { keyword: 'zweiundvierzig Tischlampen' });
    expect(result).toMatchObject({
      keyword: 'zweiundvierzig Tischlampen',
      location_code: 2840,
      language_code: 'en',
    });
    const items = result.items as Array<{ type: string; rank_absolute: number }>;
    expect(JSON.stringify(items).toLowerCase()).toContain('zweiundvierzig');
    expect(result.items_count).toBe(items.length);
    expect(items.map((item) => item.rank_absolute)).toEqual(items.map((_, index) => index + 1));
    expect(new Set(result.item_types as string[])).toEqual(new Set(items.map((item) => item.type)));
  });

  it('are the same for the same seed and keyword, and differ between purchases of the same', async () => {
    const first = await startBench({}, { seed: 'x' });
    const second = await startBench({}, { seed: 'x' });
    const other = await startBench({}, { seed: 'y' });
    const once = await markdownOf(first);
    expect(await markdownOf(second)).toBe(once);
    expect(await markdownOf(other)).not.toBe(once);
    const again = await Promise.all([markdownOf(first), markdownOf(first), markdownOf(first)]);
    expect(again.some((text) => text !== once)).toBe(true);
  });

  it('are told to the control of a simulator as to a look, in each form', async () => {
    const bench = await startBench();
    const id = await bench.buy(ORGANIC);
    for (const variant of ['advanced', 'regular', 'html']) {
      const looked = (await bench.get(`${ORGANIC}/task_get/${variant}/${id}`)).tasks[0]?.result;
      const told = await fetch(`${bench.simulator.url}/__sim/results/${id}?variant=${variant}`);
      expect(looked).toBeDefined();
      expect(await told.json()).toEqual({ result: looked });
    }
  });

  it('have as many pages as were bought and found, also as HTML', async () => {
    const bench = await startBench();
    const fields = { keyword: 'lamp', depth: 20 };
    const advanced = await resultOf(bench, ORGANIC, fields);
    const organic = (advanced.items as Array<{ type: string; page: number }>).filter(
      (item) => item.type === 'organic',
    );
    expect(advanced.pages_count).toBe(2);
    expect(new Set(organic.map((item) => item.page))).toEqual(new Set([1, 2]));
    const html = await resultOf(bench, ORGANIC, fields, 'html');
    expect(html).toMatchObject({
      type: 'organic',
      se_domain: 'google.com',
      items_count: 2,
      items: [{ page: 1, html: expect.stringMatching(/^<!doctype html>.*lamp/) }, { page: 2 }],
    });
    const llm = await resultOf(bench, GEMINI, {}, 'html');
    expect(llm).not.toHaveProperty('type');
  });

  it('of the regular variant have three kinds of items with few fields', async () => {
    const bench = await startBench({ aiOverviewRate: 1 });
    const regular = await resultOf(bench, ORGANIC, {}, 'regular');
    const items = regular.items as Array<Record<string, unknown>>;
    expect(new Set(items.map((item) => item.type))).toEqual(new Set(['organic']));
    expect(Object.keys(items[0] ?? {})).toEqual([
      'type',
      'rank_group',
      'rank_absolute',
      'domain',
      'title',
      'description',
      'url',
      'breadcrumb',
    ]);
    expect(regular.item_types).toContain('ai_overview');
  });

  it('have every kind of block in some answer', async () => {
    const bench = await startBench();
    const typesOf = async (path: string) => {
      const keywords = Array.from({ length: 60 }, (_, n) => ({ ...TASK, keyword: `question ${n}` }));
      const posted = await bench.post(`${path}/task_post`, keywords);
      const types = new Set<string>();
      for (const { id } of posted.tasks) {
        const [result] = (await bench.get(`${path}/task_get/advanced/${id}`)).tasks[0]?.result ?? [];
        for (const type of (result?.item_types ?? []) as string[]) types.add(type);
      }
      return [...types].sort();
    };
    expect(await typesOf(GEMINI)).toEqual(['gemini_images', 'gemini_table', 'gemini_text']);
    expect(await typesOf(GPT)).toEqual([
      'chat_gpt_ad',
      'chat_gpt_images',
      'chat_gpt_local_businesses',
      'chat_gpt_navigation_list',
      'chat_gpt_products',
      'chat_gpt_table',
      'chat_gpt_text',
    ]);
  });

  it('load an overview that comes late only for those who paid for it', async () => {
    const bench = await startBench({ aiOverviewRate: 1 });
    const overviews = async (fields: object) => {
      const found: unknown[] = [];
      for (let n = 0; n < 12; n++) {
        const { items } = await resultOf(bench, ORGANIC, { keyword: `question ${n}`, ...fields });
        found.push(
          (items as Array<Record<string, unknown>>).find((item) => item.type === 'ai_overview')?.markdown,
        );
      }
      return found;
    };
    expect(new Set((await overviews({})).map((text) => typeof text))).toEqual(new Set(['string', 'object']));
    expect(
      (await overviews({ load_async_ai_overview: true })).every((text) => typeof text === 'string'),
    ).toBe(true);
  });

  it('hold hostile text and large ones where a knob says so', async () => {
    const bench = await startBench({ hostileText: true, resultBytes: 50_000 });
    const result = await resultOf(bench, GPT, { force_web_search: true });
    expect(JSON.stringify(result)).toContain('<script>alert(1)</script>');
    expect(result).toMatchObject({ keyword: TASK.keyword, items_count: expect.any(Number) });
    expect(result.item_types).toContain('chat_gpt_text');
    expect(JSON.stringify(result).length).toBeGreaterThan(100_000);
  });
});
