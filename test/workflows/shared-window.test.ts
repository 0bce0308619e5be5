import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { randomStream } from '../../src/simulator/random.ts';
import { SharedWindow } from '../../src/workflows/shared-window.ts';

interface Running {
  end: () => void;
  fail: (error: Error) => void;
}

/** Pages that end when the test says so. */
function pool({ pages = 6, shares = 2, share = 10 } = {}) {
  const running = new Map<number, Running>();
  const todo = Array.from({ length: pages }, (_, i) => i + 1);
  const run = async (page: number): Promise<void> =>
    new Promise<void>((resolve, fail) => running.set(page, { end: resolve, fail })).finally(() =>
      running.delete(page),
    );
  const window = new SharedWindow({ todo, run, shares, share });
  const of = (page: number): Running => {
    const found = running.get(page);
    if (!found) throw new Error(`page ${page} does not run`);
    return found;
  };
  return { window, todo, of, pages: () => [...running.keys()] };
}

it('begins a page for each share, and the next when one has ended', async () => {
  const { window, of, pages } = pool();
  void window.runAll();
  expect(pages()).toEqual([1, 2]);
  of(1).end();
  await setImmediate();
  expect(pages()).toEqual([2, 3]);
});

it('begins the next when those that run have together given a share back', () => {
  const { window, pages } = pool();
  void window.runAll();
  window.opens(1, 6);
  window.opens(2, 5);
  expect(pages()).toEqual([1, 2]);
  window.opens(2, 4);
  expect(pages()).toEqual([1, 2, 3]);
});

it('takes no word of a page that does not run, nor one that was overtaken', () => {
  const { window, pages } = pool();
  window.opens(1, 0);
  void window.runAll();
  window.opens(4, 0);
  window.opens(1, 3);
  window.opens(1, 12);
  window.opens(2, 8);
  expect(pages()).toEqual([1, 2]);
  window.opens(2, 7);
  expect(pages()).toEqual([1, 2, 3]);
});

it('runs at most 16 at once, however few places they need', async () => {
  const { window, of, pages } = pool({ pages: 40, shares: 4, share: 100 });
  void window.runAll();
  for (let page = 1; page <= 20; page++) window.opens(page, 1);
  expect(pages()).toHaveLength(16);
  of(3).end();
  await setImmediate();
  expect(pages()).toHaveLength(16);
  expect(pages()).toContain(17);
});

it('runs a page that is added while the last one runs, and ends after it', async () => {
  const { window, todo, of, pages } = pool({ pages: 1, shares: 1 });
  let ended = false;
  const all = window.runAll().then(() => (ended = true));
  todo.push(1);
  of(1).end();
  await setImmediate();
  expect({ pages: pages(), ended }).toEqual({ pages: [1], ended: false });
  of(1).end();
  await all;
});

it('throws as soon as a page does', async () => {
  const { window, of } = pool();
  const all = window.runAll();
  of(2).fail(new Error('terminated'));
  await expect(all).rejects.toThrow('terminated');
});

it.each([1, 2, 3])(
  'never gives more places than the window has, whatever the order (seed %i)',
  async (seed) => {
    const random = randomStream('shared window', seed);
    const between = (from: number, to: number): number => from + Math.floor(random.next() * (to - from + 1));
    const [shares, share, rows] = [between(1, 4), between(1, 40), between(1, 60)];
    const { window, of, pages } = pool({ pages: 30, shares, share });
    const open = new Map<number, number>();
    const all = window.runAll();
    let most = 0;
    while (pages().length > 0) {
      const running = pages();
      const taken = running.reduce((sum, page) => sum + Math.min(share, open.get(page) ?? rows), 0);
      most = Math.max(most, taken);
      expect(taken).toBeLessThanOrEqual(shares * share);
      const page = running[between(0, running.length - 1)] ?? 0;
      const left = between(0, open.get(page) ?? rows);
      open.set(page, left);
      if (left === 0) of(page).end();
      else window.opens(page, left);
      await setImmediate();
    }
    await all;
    expect(open.size).toBe(30);
    expect(most).toBeGreaterThan(0);
  },
);
