import { ApplicationFailure } from '@temporalio/common';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { submit } from '../../src/activities/submit.ts';
import { submitPage } from '../../src/activities/submit-page.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { openCappedWorld } from '../support/capped.ts';

const GROK: ScrapeInput = { scraper: 'scrapellm/grok', prompt: 'oat milk' };
const ANSWER: ScrapeInput = { scraper: 'dataforseo/chatgpt', prompt: 'oat milk' };

/** As Temporal would: what may be tried again is, until it is bought or refused for good. */
async function bought(deps: ActivityDeps, scrapeId: string, input = GROK): Promise<string> {
  for (;;) {
    try {
      const result = await submit(deps, { ref: toRef(scrapeId, input), input, n: 1 });
      return result.kind === 'receipt' ? 'bought' : result.kind;
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      if (error.nonRetryable) return `${error.type}: ${error.message}`;
      await setTimeout(Number(error.nextRetryDelay) / 100); // Temporal's, a hundred times as fast
    }
  }
}

async function allBought(workers: readonly ActivityDeps[], howMany: number, name: string): Promise<string[]> {
  return Promise.all(
    Array.from({ length: howMany }, (_, n) =>
      bought(workers[n % workers.length] ?? fail(), `scrape/${name}/${n}`, {
        ...GROK,
        prompt: `${name} ${n}`,
      }),
    ),
  );
}

function fail(): never {
  throw new Error('no worker');
}

describe('a cap of an account', () => {
  it('for 137 lets exactly 137 of 1,000 scrapes be bought that four workers ask for at once', async () => {
    const world = await openCappedWorld({ day: { credits: 137 * 3 + 2 } });
    const workers = Array.from({ length: 4 }, () => world.newWorker());
    const outcomes = await allBought(workers, 1_000, 'many');
    expect(outcomes.filter((one) => one === 'bought')).toHaveLength(137);
    const refused = outcomes.filter((one) => one.startsWith('BudgetExceeded: '));
    expect(refused).toHaveLength(863);
    expect(refused[0]).toMatch(
      /the cap of 413 credits a day \(UTC\) on account scrapellm\/simulator has 2 credits left, and this purchase may cost 3 credits, so nothing was sent\. Raise "dayCredits" of "scrapellm\/simulator" under "caps" in config\.json/,
    );
    expect((await world.control.ledger()).totals).toMatchObject({ jobs: 137, charged: 411 });
  }, 60_000);

  it('is not touched by a purchase that another currency pays, nor is the store asked for it', async () => {
    const world = await openCappedWorld({ day: { credits: 0 }, month: { credits: 0 } });
    expect(await bought(world.newWorker(), 'scrape/a', ANSWER)).toBe('bought');
    expect(world.calls.filter((call) => call.includes('caps/'))).toEqual([]);
    expect(await bought(world.newWorker(), 'scrape/b')).toMatch(/^BudgetExceeded/);
  });

  it('costs no call to the store where there is none', async () => {
    const world = await openCappedWorld();
    await bought(world.newWorker(), 'scrape/a');
    expect(world.calls.filter((call) => call.includes('caps/'))).toEqual([]);
    expect(world.calls.length).toBeGreaterThan(0);
  });

  it('counts what was bought before it was set, also what may have been', async () => {
    const world = await openCappedWorld();
    await allBought([world.newWorker()], 2, 'before');
    await world.control.script({ on: 'submit', steps: [{ fault: 'error-500-after' }] });
    expect(await bought(world.newWorker(), 'scrape/doubt')).toMatch(/^SubmitOutcomeUnknown/);
    await bought(world.newWorker(), 'scrape/other', ANSWER);
    const worker = world.newWorker({ caps: { month: { credits: 12 } } });
    expect(await bought(worker, 'scrape/last')).toBe('bought');
    expect(await bought(world.newWorker({ caps: { month: { credits: 12 } } }), 'scrape/more')).toMatch(
      /^BudgetExceeded.*12 credits a month \(UTC\).*0 credits left/,
    );
  });

  it('counts what was bought while it was taken out of the configuration, once', async () => {
    const world = await openCappedWorld();
    const caps = { month: { credits: 15 } };
    expect(await bought(world.newWorker({ caps }), 'scrape/capped')).toBe('bought');
    await allBought([world.newWorker()], 2, 'between');
    expect(await bought(world.newWorker({ caps }), 'scrape/back')).toBe('bought');
    await allBought([world.newWorker()], 1, 'again');
    const workers = Array.from({ length: 4 }, () => world.newWorker({ caps }));
    const outcomes = await allBought(workers, 4, 'last');
    expect(outcomes.filter((one) => one === 'bought')).toEqual([]);
    expect(outcomes[0]).toMatch(/^BudgetExceeded.*15 credits a month \(UTC\).*0 credits left/);
  });

  it('counts what was bought without it in a month that follows one with it', async () => {
    const world = await openCappedWorld();
    const caps = { day: { credits: 9 }, month: { credits: 9 } };
    const aMonth = 32 * 24 * 60 * 60 * 1000;
    expect(await bought(world.newWorker({ caps, dayShiftMs: () => -aMonth }), 'scrape/before')).toBe(
      'bought',
    );
    await allBought([world.newWorker()], 2, 'without');
    const workers = [world.newWorker({ caps }), world.newWorker({ caps })];
    const outcomes = await allBought(workers, 3, 'with');
    expect(outcomes.filter((one) => one === 'bought')).toHaveLength(1);
  });

  it('of a month holds beside that of a day, and is named', async () => {
    const world = await openCappedWorld({ day: { credits: 9 }, month: { credits: 6 } });
    const outcomes = await allBought([world.newWorker()], 3, 'month');
    expect(outcomes.filter((one) => one === 'bought')).toHaveLength(2);
    expect(outcomes.find((one) => one !== 'bought')).toContain('6 credits a month (UTC)');
  });

  it('holds for a page: those that fit are bought in one call, the others are left to themselves', async () => {
    const world = await openCappedWorld({ day: { usdMicros: 3 * 600 } });
    const worker = world.newWorker();
    const rows = Array.from({ length: 5 }, (_, n) => ({
      scrapeId: `scrape/page/${n}`,
      input: { scraper: 'dataforseo/google-images', prompt: `kettle ${n}` },
    }));
    const outcomes = await submitPage(worker, { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['receipt', 'receipt', 'receipt', 'alone', 'alone']);
    expect(world.calls.filter((call) => call.startsWith('create caps/'))).toHaveLength(1);
    expect(await bought(worker, 'scrape/page/4', rows[4]?.input)).toMatch(/^BudgetExceeded.*\$0\.00 left/);
    expect((await submitPage(worker, { rows: rows.slice(3) })).map(({ kind }) => kind)).toEqual([
      'alone',
      'alone',
    ]);
    expect((await world.control.dataforseo.ledger()).totals.tasks).toBe(3);
  });

  it('begins anew at midnight UTC, by the day of the intent, and a month goes on', async () => {
    const world = await openCappedWorld({ day: { credits: 6 }, month: { credits: 9 } });
    // A day of the same month, whatever today is.
    const now = new Date();
    const middle = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 15, 23, 59, 59);
    let shift = middle - now.getTime();
    const worker = world.newWorker({ dayShiftMs: () => shift });
    expect((await allBought([worker], 3, 'before')).filter((one) => one === 'bought')).toHaveLength(2);
    shift += 60_000;
    const after = await allBought([worker, world.newWorker({ dayShiftMs: () => shift })], 3, 'after');
    expect(after.filter((one) => one === 'bought')).toHaveLength(1);
    expect(after.find((one) => one !== 'bought')).toContain('9 credits a month');
  });

  it('gives back what a price below its bound left, also to those who were waiting for it', async () => {
    const world = await openCappedWorld({ day: { usdMicros: 4_000 } });
    const workers = [world.newWorker(), world.newWorker()];
    // Five times the price is reserved for a word that may be a search operator, and a fifth of it charged.
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        bought(workers[n % 2] ?? fail(), `scrape/bound/${n}`, {
          scraper: 'dataforseo/google-organic',
          prompt: `milk paid:${n}`,
        }),
      ),
    );
    const { chargedMicros, tasks } = (await world.control.dataforseo.ledger()).totals;
    expect(chargedMicros).toBeLessThanOrEqual(4_000);
    expect(outcomes.filter((one) => one === 'bought')).toHaveLength(tasks);
    // As long as 3,000 are left, one more fits: of 4,000 two do.
    expect(tasks).toBe(2);
  });
});
