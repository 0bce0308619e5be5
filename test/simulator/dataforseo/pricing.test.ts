import { describe, expect, it } from 'vitest';
import { familyOf, type FamilyName } from '../../../src/simulator/dataforseo/families.ts';
import { quote, unusedPagesMicros } from '../../../src/simulator/dataforseo/pricing.ts';
import { validateTask, type Order } from '../../../src/simulator/dataforseo/validate-task.ts';
import { IMAGES, ORGANIC, startBench, TASK } from './helpers.ts';

function order(family: FamilyName, fields: Record<string, unknown> = {}): Order {
  const validated = validateTask(familyOf(family), { ...TASK, ...fields });
  if (!validated.ok) throw new Error(validated.message);
  return validated.order;
}

const price = (family: FamilyName, fields?: Record<string, unknown>) =>
  quote(order(family, fields)).totalMicros;

describe('the price of a task', () => {
  it('is the one of the price lists, in micro-USD', () => {
    expect(price('gemini')).toBe(1_200);
    expect(price('chat_gpt', { priority: 2 })).toBe(2_400);
    expect(price('google_organic')).toBe(600);
    expect(price('google_organic', { priority: 2, depth: 20 })).toBe(1_200 + 900);
    expect(price('bing_organic', { depth: 11 })).toBe(600 + 450);
    expect(price('google_ai_mode')).toBe(1_200);
    expect(price('google_images', { depth: 100 })).toBe(600);
    expect(price('google_images', { depth: 101 })).toBe(1_200);
    expect(price('google_news', { depth: 100 })).toBe(6_000);
    expect(price('google_maps', { device: 'mobile', depth: 100 })).toBe(3_000);
    expect(price('google_maps', { depth: 100 })).toBe(600);
  });

  it('goes by pages, of which the smaller number counts where two are given', () => {
    expect(price('google_organic', { max_crawl_pages: 3 })).toBe(600 + 2 * 450);
    expect(price('google_organic', { max_crawl_pages: 2, depth: 100 })).toBe(600 + 450);
    expect(price('google_organic', { max_crawl_pages: 100, depth: 20 })).toBe(600 + 450);
  });

  it('is five times as high with an operator that the engine charges for', () => {
    expect(price('google_organic', { keyword: 'lamp site:x.example' })).toBe(3_000);
    expect(price('google_organic', { keyword: 'cache:x.example' })).toBe(3_000);
    expect(price('google_organic', { keyword: 'related:x.example' })).toBe(600);
    expect(price('google_images', { keyword: 'related:x.example' })).toBe(3_000);
    expect(price('bing_organic', { keyword: 'lamp site:x.example' })).toBe(600);
    expect(price('google_organic', { keyword: 'website: a' })).toBe(600);
  });

  it('adds what overviews, rectangles and clicks cost', () => {
    expect(price('google_organic', { load_async_ai_overview: true })).toBe(1_200);
    expect(price('google_organic', { calculate_rectangles: true, people_also_ask_click_depth: 4 })).toBe(
      1_800,
    );
    expect(price('google_news', { calculate_rectangles: true })).toBe(1_200);
    expect(price('google_organic', { keyword: 'site:x.example a', load_async_ai_overview: true })).toBe(
      3_600,
    );
  });

  it('comes back in part for pages that there were not', () => {
    const images = order('google_images', { depth: 300 });
    expect(unusedPagesMicros(images, quote(images), 1)).toBe(1_200);
    expect(unusedPagesMicros(images, quote(images), 3)).toBe(0);
    const organic = order('google_organic', { depth: 30, load_async_ai_overview: true });
    expect(unusedPagesMicros(organic, quote(organic), 2)).toBe(450);
  });
});

describe('refunds', () => {
  it('give back the surcharge of an overview that there was not, once the task is done', async () => {
    const bench = await startBench({ aiOverviewRate: 0, durationMs: 1_000 });
    const id = await bench.buy(ORGANIC, { load_async_ai_overview: true, tag: 'none' });
    expect((await bench.dfs.state()).balances).toEqual({ simulator: 1_000_000_000 - 1_200 });
    await bench.control.advance(1_000);
    expect((await bench.dfs.state()).balances).toEqual({ simulator: 1_000_000_000 - 600 });
    const { tasks, totals } = await bench.dfs.ledger();
    expect(tasks[0]).toMatchObject({
      id,
      chargedMicros: 1_200,
      refundedMicros: 600,
      refundWithheldMicros: 0,
    });
    expect(totals).toMatchObject({ chargedMicros: 1_200, refundedMicros: 600 });
    const got = await bench.get(`${ORGANIC}/task_get/advanced/${id}`);
    expect(got.tasks[0]?.result?.[0]?.item_types).not.toContain('ai_overview');
    await bench.dfs.setKnobs({ aiOverviewRate: 1 });
    const other = await bench.buy(ORGANIC, { load_async_ai_overview: true, tag: 'some' });
    await bench.control.advance(1_000);
    const overview = await bench.get(`${ORGANIC}/task_get/advanced/${other}`);
    expect(overview.tasks[0]?.result?.[0]).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ type: 'ai_overview', markdown: expect.stringContaining('lamp') }),
      ]),
    });
    expect((await bench.dfs.ledger({ tag: 'some' })).tasks[0]?.refundedMicros).toBe(0);
  });

  it('never come where they are withheld, and the ledger says how much', async () => {
    const bench = await startBench({ aiOverviewRate: 0 });
    await bench.dfs.script({ on: 'task', tag: 'w', steps: [{ faults: ['refund-withheld'] }] });
    await bench.buy(ORGANIC, { load_async_ai_overview: true, tag: 'w' });
    const { tasks } = await bench.dfs.ledger({ tag: 'w' });
    expect(tasks[0]).toMatchObject({ refundedMicros: 0, refundWithheldMicros: 600 });
  });

  it('for pages that there were not land in the balance', async () => {
    const bench = await startBench({ unusedPages: 'all' });
    for (let n = 0; n < 30; n++) await bench.buy(IMAGES, { depth: 700, tag: `i/${n}`, keyword: `lamp ${n}` });
    const { tasks, totals } = await bench.dfs.ledger();
    expect(totals.refundedMicros).toBeGreaterThan(0);
    const { balances } = await bench.dfs.state();
    expect(balances.simulator).toBe(1_000_000_000 - totals.chargedMicros + totals.refundedMicros);
    expect(new Set(tasks.map((task) => task.refundedMicros)).size).toBeGreaterThan(1);
  });
});
