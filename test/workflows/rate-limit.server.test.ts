import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ending, uniquePrompt } from '../support/scrapes.ts';
import { createWorld, startScrape } from '../chaos/world.ts';
import type { ChaosWorld } from '../chaos/world.ts';

const PER_SECOND = 3;
const SCRAPES = 24;
const LATE_S = 1;

let world: ChaosWorld;
beforeAll(async () => {
  world = await createWorld({
    submitsPerSecond: PER_SECOND,
    knobs: { attemptFailureRate: 0, durationMs: 100 },
  });
});
afterAll(() => world.close());

describe('the rate of an account', () => {
  it('holds in every window, however it is cut, over two worker processes', async () => {
    const space = await world.newDatabase();
    await Promise.all([world.startWorker(space), world.startWorker(space)]);
    const handles = await Promise.all(
      Array.from({ length: SCRAPES }, () => startScrape(space, { prompt: uniquePrompt() })),
    );
    await Promise.all(handles.map(ending));

    const bought = (await world.control.ledger()).jobs
      .map(({ createdAt }) => Date.parse(createdAt))
      .sort((a, b) => a - b);
    expect(bought).toHaveLength(SCRAPES);
    // A queue at R/s hands out at most R*T + R + 1 in T seconds: its bucket may be full when the window begins. What it
    // handed out may reach the provider late, and so closer together, on a busy machine.
    for (const [first, from] of bought.entries()) {
      for (const [last, to] of bought.entries()) {
        if (last < first) continue;
        const seconds = (to - from) / 1000;
        expect(last - first + 1).toBeLessThanOrEqual(
          Math.ceil(PER_SECOND * (seconds + LATE_S)) + PER_SECOND + 1,
        );
      }
    }
    // The limit was what held them back, so that the test could have failed.
    const lasted = ((bought.at(-1) ?? 0) - (bought[0] ?? 0)) / 1000;
    expect(lasted).toBeGreaterThan((SCRAPES - PER_SECOND - 1) / PER_SECOND - 2);
  });
});
