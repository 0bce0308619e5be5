import { describe, expect, it } from 'vitest';
import { collect } from '../../src/activities/collect.ts';
import type { CollectResult, CollectorRun } from '../../src/activities/collect.ts';
import { HintBook } from '../../src/activities/hint-book.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';
import type { CallRecord } from '../../src/simulator/dataforseo/vendor-traffic.ts';
import type { DataForSeoKnobs } from '../../src/simulator/dataforseo/knobs.ts';
import { createDataForSeoBench, MINUTE_MS } from './dataforseo-bench.ts';
import type { DataForSeoBench } from './dataforseo-bench.ts';

const ORGANIC: Scraper = 'dataforseo/google-organic';
const IMAGES: Scraper = 'dataforseo/google-images';
const GEMINI: Scraper = 'dataforseo/gemini';
const CHATGPT: Scraper = 'dataforseo/chatgpt';
const QUICK: Partial<DataForSeoKnobs> = { durationMs: MINUTE_MS, listLagMs: 0 };

async function collectFor(
  bench: DataForSeoBench,
  scrapers: Scraper[],
  forMs: number,
  changes: Partial<CollectorRun> = {},
  book = new HintBook(),
): Promise<CollectResult> {
  const input = {
    provider: 'dataforseo',
    account: 'simulator',
    wishes: bench.wishes(scrapers, forMs),
  } as const;
  return collect(bench.deps, input, bench.run(changes), book);
}

async function listCalls(bench: DataForSeoBench): Promise<CallRecord[]> {
  const { calls } = await bench.control.dataforseo.calls();
  return calls.filter(({ call }) => call === 'tasks_ready');
}

/** The most calls in any minute, however it is cut. */
function peak(calls: Array<{ atMs: number }>): number {
  return Math.max(
    ...calls.map(({ atMs }) => calls.filter((c) => c.atMs > atMs - 60_000 && c.atMs <= atMs).length),
  );
}

describe('a collector', () => {
  it('tells every scrape of its task once, however long it is listed', async () => {
    const bench = await createDataForSeoBench(QUICK);
    const receipts = await Promise.all(Array.from({ length: 20 }, (_, n) => bench.buy(`scrape/test/${n}`)));
    const result = await collectFor(bench, [ORGANIC], 110_000);
    expect(result).toMatchObject({ hints: 20, foreign: 0, nobodyWaits: true });
    expect(bench.hints.map(({ scrapeId, taskId }) => `${scrapeId} ${taskId}`).sort()).toEqual(
      receipts.map(({ scrapeId, taskId }) => `${scrapeId} ${taskId}`).sort(),
    );
  });

  it('repeats a hint after 3 and 9 minutes while the task is listed, and not more often', async () => {
    const bench = await createDataForSeoBench({ durationMs: 0, listLagMs: 0 });
    await bench.buy('scrape/test/1');
    const book = new HintBook();
    for (let run = 0; run < 3; run++) await collectFor(bench, [ORGANIC], 5 * MINUTE_MS, {}, book);
    const gaps = bench.hints.slice(1).map(({ atMs }, i) => (atMs - (bench.hints[i]?.atMs ?? 0)) / MINUTE_MS);
    expect(gaps.map(Math.floor)).toEqual([3, 9]);
  });

  it('reads as fast as 18 calls a minute and never faster, also when runs follow one another', async () => {
    const bench = await createDataForSeoBench(QUICK);
    await bench.buy('scrape/test/1');
    for (let run = 0; run < 4; run++) await collectFor(bench, [ORGANIC, IMAGES, GEMINI], MINUTE_MS);
    const calls = await listCalls(bench);
    expect(calls.filter(({ overLimit }) => overLimit)).toEqual([]);
    for (const api of ['serp', 'ai_optimization']) {
      const own = calls.filter(({ path }) => path.startsWith(`v3/${api}/`));
      expect(peak(own)).toBeLessThanOrEqual(18);
      expect(own.length).toBeGreaterThanOrEqual(4 * 16);
    }
  });

  it('reads a list once a minute where results are posted to us', async () => {
    const bench = await createDataForSeoBench(QUICK, {
      callbacksFor: () => ({ postbackUrl: 'https://gleaner.example/postback' }),
    });
    await collectFor(bench, [ORGANIC, GEMINI], 10 * MINUTE_MS);
    const calls = await listCalls(bench);
    expect(calls.length).toBeGreaterThan(8); // five minutes are a run
    for (const engine of ['google', 'gemini']) {
      expect(peak(calls.filter(({ path }) => path.includes(engine)))).toBe(1);
    }
  });

  it('notices an end 1.7 s after it is listed in the mean, times the lists that share a limit', async () => {
    const bench = await createDataForSeoBench({
      listLagMs: 0,
      normalMedianMs: MINUTE_MS,
      normalP95Ms: 2 * MINUTE_MS,
    });
    const scrapers = [GEMINI, CHATGPT, ORGANIC] as const;
    for (let n = 0; n < 30; n++) {
      await Promise.all(scrapers.map((scraper) => bench.buy(`scrape/${scraper}/${n}`, scraper)));
    }
    await collectFor(bench, [...scrapers], 5 * MINUTE_MS);
    const { tasks } = await bench.control.dataforseo.ledger();
    const listedAt = new Map(tasks.map(({ id, readyAt }) => [id, Date.parse(readyAt ?? '')]));
    const mean = (lists: number, families: RegExp): number => {
      const ids = new Set(tasks.filter(({ family }) => families.test(family)).map(({ id }) => id));
      const firsts = [...ids].flatMap((id) => bench.hints.find(({ taskId }) => taskId === id) ?? []);
      expect(firsts).toHaveLength(30 * lists);
      const waits = firsts.map(({ taskId, atMs }) => atMs - (listedAt.get(taskId) ?? 0));
      return waits.reduce((sum, ms) => sum + ms, 0) / waits.length / lists;
    };
    // Thirty tasks are a small sample: the standard error of their mean is 0.17 s.
    expect(mean(1, /google_organic/)).toBeLessThan(2_200);
    expect(mean(2, /gemini|chat_gpt/)).toBeLessThan(2_200);
  });

  it('asks for no task of somebody else, and counts them', async () => {
    const bench = await createDataForSeoBench(QUICK);
    await bench.control.dataforseo.foreign({
      family: 'google_organic',
      count: 30,
      tagPrefix: 'zzzzzz-',
    });
    const result = await collectFor(bench, [ORGANIC], MINUTE_MS);
    expect(result.hints).toBe(0);
    expect(result.foreign).toBeGreaterThanOrEqual(30);
    expect(bench.hints).toEqual([]);
  });

  it('leaves a list that is full of foreign tasks for smaller ones, and reads those once a minute', async () => {
    const bench = await createDataForSeoBench(QUICK);
    const crowd = { family: 'google_organic', count: 100_000, inFront: true } as const;
    await bench.control.dataforseo.foreign(crowd);
    await bench.buy('scrape/test/organic');
    const images = await bench.buy('scrape/test/images', IMAGES);
    const result = await collectFor(bench, [ORGANIC, IMAGES], 4 * MINUTE_MS, await collects(bench));
    expect(bench.hints).toMatchObject([{ scrapeId: 'scrape/test/images', taskId: images.taskId }]);
    expect(result.foreign).toBeGreaterThan(1_000);
    const paths = (await listCalls(bench)).map(({ path }) => path);
    expect(paths[0]).toBe('v3/serp/google/tasks_ready');
    expect(paths.filter((path) => path === 'v3/serp/google/tasks_ready')).toHaveLength(1);
    expect(paths.filter((path) => path === 'v3/serp/google/organic/tasks_ready').length).toBeLessThanOrEqual(
      5,
    );
    // Nobody reads a task that is not ours, however many there are.
    expect((await bench.control.dataforseo.ledger()).totals.foreignCollected).toBe(0);
  });

  it('tells of a task that is listed late, and twice', async () => {
    const bench = await createDataForSeoBench(QUICK);
    const steps = [
      { faults: ['listed-late' as const], ms: 5 * MINUTE_MS },
      { faults: ['listed-twice' as const] },
    ];
    await bench.control.dataforseo.script({ on: 'task', steps });
    await bench.buy('scrape/test/late');
    await bench.buy('scrape/test/twice');
    const begin = bench.now();
    await collectFor(bench, [ORGANIC], 8 * MINUTE_MS, await collects(bench));
    const run = {
      provider: 'dataforseo',
      account: 'simulator',
      wishes: bench.wishes([ORGANIC], 4 * MINUTE_MS),
    } as const;
    await collect(bench.deps, run, bench.run(await collects(bench)), new HintBook());
    expect(bench.hints.map(({ scrapeId }) => scrapeId)).toEqual(['scrape/test/twice', 'scrape/test/late']);
    expect((bench.hints[1]?.atMs ?? 0) - begin).toBeGreaterThan(5 * MINUTE_MS);
  });

  it('tells nobody of a task that is collected, or that carries a mark which another task of ours has', async () => {
    const bench = await createDataForSeoBench({ durationMs: 0, listLagMs: 0 });
    const { taskId } = await bench.buy('scrape/test/1');
    const tag = bench.store.journal.tag('scrape/test/1', 1);
    const path = `${bench.account.baseUrl}/v3/serp/google/organic/task_post`;
    await fetch(path, {
      method: 'POST',
      headers: { authorization: authorizationOf(bench) },
      body: JSON.stringify([{ keyword: 'again', location_code: 2840, language_code: 'en', tag }]),
    });
    await collectFor(bench, [ORGANIC], 30_000);
    expect(bench.hints).toMatchObject([{ scrapeId: 'scrape/test/1', taskId }]);
  });

  it('ends when nobody is wanted, when no scrape runs, and when its time is up', async () => {
    const bench = await createDataForSeoBench();
    expect(await collectFor(bench, [ORGANIC], -1)).toMatchObject({ calls: 0, nobodyWaits: true });
    const nobody = await collectFor(bench, [ORGANIC], 60 * MINUTE_MS, {
      isAnybodyWaiting: async () => false,
    });
    expect(nobody).toMatchObject({ nobodyWaits: true });
    expect(nobody.calls).toBeLessThanOrEqual(2 * 18);
    const begin = bench.now();
    expect(await collectFor(bench, [ORGANIC], 60 * MINUTE_MS)).toMatchObject({ nobodyWaits: false });
    expect(bench.now() - begin).toBeLessThan(6 * MINUTE_MS);
  });

  it('takes up what is wanted while it runs', async () => {
    const bench = await createDataForSeoBench();
    const both = bench.wishes([ORGANIC, GEMINI], MINUTE_MS);
    await collectFor(bench, [ORGANIC], MINUTE_MS, { wishes: async () => ({ ...both, signals: 2 }) });
    expect((await listCalls(bench)).some(({ path }) => path.includes('gemini'))).toBe(true);
  });
});

describe('trouble with a list', () => {
  it.each([
    [40_100, 'AccountBlocked'],
    [40_201, 'AccountBlocked'],
    [40_203, 'AccountBlocked'],
    [40_210, 'AccountBlocked'],
    [40_001, 'AccountBlocked'],
    [40_005, 'AccountBlocked'],
    [40_202, 'RateLimited'],
    [40_209, 'RateLimited'],
    [50_000, 'ProviderUnavailable'],
    [40_400, 'ProviderUnavailable'],
  ])(
    'is said and waited for: %i is %s, never final, and a blocked account buys nothing',
    async (code, type) => {
      const bench = await createDataForSeoBench();
      await bench.control.dataforseo.script({
        on: 'call',
        call: 'tasks_ready',
        steps: [{ fault: 'root-error', code }],
      });
      const failed = collectFor(bench, [ORGANIC], MINUTE_MS);
      await expect(failed).rejects.toMatchObject({ type, nonRetryable: false });
      await expect(failed).rejects.toThrow(String(code));
      const closed = bench.deps.gate.closed('dataforseo/simulator');
      expect(closed !== undefined).toBe(type === 'AccountBlocked');
      // The next attempt goes on by itself.
      const next = await collectFor(bench, [ORGANIC], MINUTE_MS, { attempt: 2 });
      expect(next.calls).toBeGreaterThan(5);
    },
  );

  it('does not keep the tasks of another family from being told of', async () => {
    const bench = await createDataForSeoBench({ durationMs: 0, listLagMs: 0 });
    await bench.buy('scrape/test/1', GEMINI);
    await bench.control.dataforseo.script({
      on: 'call',
      call: 'tasks_ready',
      family: 'google_organic',
      steps: [{ fault: 'root-error', code: 50_000 }],
    });
    await expect(collectFor(bench, [ORGANIC, GEMINI], MINUTE_MS)).rejects.toThrow('50000');
    expect(bench.hints).toHaveLength(1);
  });

  it('stops a run that slept through its turn, since another one may have begun', async () => {
    const bench = await createDataForSeoBench();
    const sleep = (ms: number): Promise<void> => bench.advance(ms + 30_000);
    await expect(collectFor(bench, [ORGANIC], MINUTE_MS, { sleep })).rejects.toThrow('paused');
    expect(await listCalls(bench)).toEqual([]);
  });
});

/** A hint as a scrape takes it: it collects its task, which leaves the list. */
async function collects(bench: DataForSeoBench): Promise<Pick<CollectorRun, 'hint'>> {
  const { hint } = bench.run();
  return {
    async hint(scrapeId, taskId) {
      const { tasks } = await bench.control.dataforseo.ledger();
      const path = tasks.find(({ id }) => id === taskId)?.family === 'google_images' ? 'images' : 'organic';
      const url = `${bench.account.baseUrl}/v3/serp/google/${path}/task_get/advanced/${taskId}`;
      await (await fetch(url, { headers: { authorization: authorizationOf(bench) } })).arrayBuffer();
      return hint(scrapeId, taskId);
    },
  };
}

function authorizationOf({ account }: DataForSeoBench): string {
  return `Basic ${Buffer.from(account.secret).toString('base64')}`;
}
