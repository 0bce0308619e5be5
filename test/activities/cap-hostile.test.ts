import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { CAP_FAULT_POINTS, SCRAPE_FAULT_POINTS } from '../../src/activities/fault-points.ts';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import { reconcile } from '../../src/activities/reconcile.ts';
import { submit } from '../../src/activities/submit.ts';
import type { SubmitResult } from '../../src/activities/purchase.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { committed } from '../../src/ledger/ledger.ts';
import { readBook } from '../../src/ledger/read-book.ts';
import { openCappedWorld } from '../support/capped.ts';
import type { CappedWorld } from '../support/capped.ts';

function buy(deps: ActivityDeps, scrapeId: string): Promise<SubmitResult> {
  const input = { scraper: 'scrapellm/grok', prompt: scrapeId };
  return submit(deps, { ref: toRef(scrapeId, input), input, n: 1 });
}

/** The failure of a purchase that must not be made. */
async function failureOf(buying: Promise<SubmitResult>): Promise<ApplicationFailure> {
  const error: unknown = await buying.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new Error(`no failure: ${String(error)}`);
}

/** A process that does nothing more once it has reached the point. */
function dyingAt(point: FaultPoint): (at: FaultPoint) => void {
  let dead = false;
  return (at) => {
    dead ||= at === point;
    if (dead) throw new Error('died');
  };
}

async function committedBy(world: CappedWorld): Promise<number> {
  const month = new Date().toISOString().slice(0, 7);
  const book = await readBook(world.store.caps, { provider: 'scrapellm', account: 'simulator', month });
  return committed(book.totals.month).credits ?? 0;
}

/** Not passed by a purchase that goes well. */
const OF_TROUBLE: readonly FaultPoint[] = ['submit:refusal-written', 'submit:answer-journalled'];
const POINTS = [...CAP_FAULT_POINTS, ...SCRAPE_FAULT_POINTS].filter(
  (point) => (point.startsWith('cap:') || point.startsWith('submit:')) && !OF_TROUBLE.includes(point),
);

describe('a cap with room for one', () => {
  it.each(POINTS)('is not passed when a worker dies at %s and others follow', async (point) => {
    const world = await openCappedWorld({ day: { credits: 3 } });
    if (point === 'cap:taken-back') {
      const dead = world.newWorker({ overrides: { fault: dyingAt('cap:line-written') } });
      await buy(dead, 'scrape/dead').catch(() => undefined);
    }
    const dying = world.newWorker({ graceMs: 0, overrides: { fault: dyingAt(point) } });
    await expect(buy(dying, 'scrape/a')).rejects.toThrow('died');
    for (const scrapeId of ['scrape/b', 'scrape/a', 'scrape/c', 'scrape/b']) {
      await buy(world.newWorker({ graceMs: 0 }), scrapeId).catch((error: unknown) => {
        if (!(error instanceof ApplicationFailure)) throw error;
      });
    }
    const { jobs } = (await world.control.ledger()).totals;
    expect(jobs).toBeLessThanOrEqual(1);
    expect(await committedBy(world)).toBeLessThanOrEqual(3);
  });

  it.each(['cap:before-line', 'cap:line-written'] as const)(
    'counts what was bought without it once when workers die at %s while they write it down',
    async (point) => {
      const world = await openCappedWorld();
      const caps = { day: { credits: 9 } };
      await buy(world.newWorker({ caps }), 'scrape/capped');
      await buy(world.newWorker(), 'scrape/without');
      for (let times = 0; times < 2; times++) {
        const dying = world.newWorker({ caps, overrides: { fault: dyingAt(point) } });
        await expect(buy(dying, 'scrape/a')).rejects.toThrow('died');
      }
      expect(await committedBy(world)).toBeLessThanOrEqual(9);
      expect(await buy(world.newWorker({ caps }), 'scrape/a')).toMatchObject({ kind: 'receipt' });
      expect(await committedBy(world)).toBe(9);
      expect((await failureOf(buy(world.newWorker({ caps }), 'scrape/c'))).type).toBe('BudgetExceeded');
      expect((await world.control.ledger()).totals.jobs).toBe(3);
    },
  );

  it('is taken up again by the scrape whose worker died before it began', async () => {
    const world = await openCappedWorld({ day: { credits: 3 } });
    const dying = world.newWorker({ overrides: { fault: dyingAt('cap:line-written') } });
    await expect(buy(dying, 'scrape/a')).rejects.toThrow('died');
    expect(await buy(world.newWorker(), 'scrape/a')).toMatchObject({ kind: 'receipt' });
    expect(world.calls.filter((call) => call.startsWith('create caps/'))).toHaveLength(1);
  });

  it('is not passed by a dearer purchase of a scrape whose worker died with money for a cheaper one', async () => {
    const world = await openCappedWorld({ day: { usdMicros: 2_400 } });
    const cheap: ScrapeInput = {
      scraper: 'dataforseo/chatgpt',
      prompt: 'oat milk',
      retry: { n: 1, from: 1 },
    };
    const dear: ScrapeInput = { ...cheap, params: { priority: 2 }, retry: { n: 2, from: 1 } };
    const ref = toRef('scrape/a', cheap);
    const dying = world.newWorker({ overrides: { fault: dyingAt('cap:line-written') } });
    await expect(submit(dying, { ref, input: cheap, n: 1 })).rejects.toThrow('died');
    // The one who holds it may be alive, and has to be waited for; what follows is what the workflow does.
    expect((await failureOf(submit(world.newWorker(), { ref, input: dear, n: 1 }))).type).toBe('CapReached');
    const worker = world.newWorker({ graceMs: 0 });
    expect((await failureOf(submit(worker, { ref, input: dear, n: 1 }))).type).toBe('SubmitOutcomeUnknown');
    expect(await reconcile(worker, { ref, n: 1 })).toMatchObject({ kind: 'refused' });
    expect(await submit(worker, { ref, input: dear, n: 1 })).toMatchObject({ kind: 'receipt' });
    const other: ScrapeInput = { scraper: 'dataforseo/google-images', prompt: 'oat milk' };
    const more = submit(worker, { ref: toRef('scrape/b', other), input: other, n: 1 });
    expect((await failureOf(more)).type).toBe('BudgetExceeded');
    expect((await world.control.dataforseo.ledger()).totals.chargedMicros).toBe(2_400);
  });

  it('makes others wait for a worker that may be alive, and gives its money to them once it is not', async () => {
    const world = await openCappedWorld({ day: { credits: 3 } });
    const dying = world.newWorker({ overrides: { fault: dyingAt('cap:line-written') } });
    await expect(buy(dying, 'scrape/a')).rejects.toThrow('died');
    const waiting = await failureOf(buy(world.newWorker(), 'scrape/b'));
    expect(waiting).toMatchObject({ type: 'CapReached', nonRetryable: false, nextRetryDelay: 5_000 });
    expect(waiting.message).toContain('it waits, since purchases under way may cost less');
    expect(await buy(world.newWorker({ graceMs: 0 }), 'scrape/b')).toMatchObject({ kind: 'receipt' });
    const late = await failureOf(buy(world.newWorker(), 'scrape/a'));
    expect(late).toMatchObject({ type: 'BudgetExceeded', nonRetryable: true });
    expect((await world.control.ledger()).totals.jobs).toBe(1);
  });

  it('is not passed by a worker that stood still while its money was given to another', async () => {
    const world = await openCappedWorld({ day: { credits: 3 } });
    let [thaw, reach] = [(): void => undefined, (): void => undefined];
    const frozen = new Promise<void>((resolve) => (thaw = resolve));
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const still = world.newWorker({
      overrides: {
        fault: async (point) => {
          if (point !== 'submit:before-intent') return;
          reach();
          await frozen;
        },
      },
    });
    const stuck = failureOf(buy(still, 'scrape/a'));
    await reached;
    expect(await buy(world.newWorker({ graceMs: 0 }), 'scrape/b')).toMatchObject({ kind: 'receipt' });
    thaw();
    expect((await stuck).type).toBe('SubmitOutcomeUnknown');
    const ref = toRef('scrape/a', { scraper: 'scrapellm/grok', prompt: 'scrape/a' });
    // What the workflow does next tells that nothing was sent, and its next try is refused.
    expect(await reconcile(world.newWorker(), { ref, n: 1 })).toMatchObject({
      kind: 'refused',
      refused: { reason: 'not-sent', try: 1 },
    });
    expect((await failureOf(buy(world.newWorker(), 'scrape/a'))).type).toBe('BudgetExceeded');
    expect((await world.control.ledger()).totals.jobs).toBe(1);
  });

  it('is that of the day on which a purchase is begun, also if midnight came after its money was reserved', async () => {
    const world = await openCappedWorld({ day: { credits: 3 } });
    const now = new Date();
    // A day of the same month, whatever today is.
    let shift = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 15, 23, 59) - now.getTime();
    const dayShiftMs = (): number => shift;
    const late = world.newWorker({
      dayShiftMs,
      overrides: { fault: (point) => void (point === 'cap:line-written' && (shift += 5 * 60_000)) },
    });
    expect(await buy(late, 'scrape/a')).toMatchObject({ kind: 'receipt' });
    expect((await failureOf(buy(world.newWorker({ dayShiftMs }), 'scrape/b'))).type).toBe('BudgetExceeded');
  });

  it('is free again when the provider refused, also for a process that was not told of it', async () => {
    const world = await openCappedWorld({ day: { credits: 3 } });
    await world.control.script({ on: 'submit', steps: [{ fault: 'queue-full' }] });
    expect((await failureOf(buy(world.newWorker(), 'scrape/a'))).nonRetryable).toBe(false);
    expect(await buy(world.newWorker(), 'scrape/b')).toMatchObject({ kind: 'receipt' });
  });

  it('stays spent while nobody can tell whether the provider took a purchase', async () => {
    const world = await openCappedWorld({ day: { credits: 3 } });
    await world.control.script({ on: 'submit', steps: [{ fault: 'error-500-after' }] });
    expect((await failureOf(buy(world.newWorker(), 'scrape/a'))).type).toBe('SubmitOutcomeUnknown');
    expect((await failureOf(buy(world.newWorker(), 'scrape/b'))).type).toBe('CapReached');
    const key = { scrapeId: 'scrape/a', n: 1 };
    const at = new Date().toISOString();
    await world.store.journal.createUnknown({ ...key, message: 'x', possiblySpent: { credits: 3 }, at });
    expect((await failureOf(buy(world.newWorker(), 'scrape/b'))).type).toBe('BudgetExceeded');
    expect((await world.control.ledger()).totals.jobs).toBe(1);
  });
});
