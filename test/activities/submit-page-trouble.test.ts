import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import { recallPage } from '../../src/activities/recall-page.ts';
import { submitPage } from '../../src/activities/submit-page.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { createPageWorld } from './page-world.ts';
import type { PageWorld } from './page-world.ts';

let world: PageWorld;
beforeAll(async () => {
  world = await createPageWorld();
});
afterAll(() => world.close());

describe('a run that dies', () => {
  it.each<[FaultPoint, { kinds: string; tasks: number }]>([
    ['page:before-intents', { kinds: 'receipt receipt receipt', tasks: 3 }],
    ['page:intents-written', { kinds: 'unknown unknown unknown', tasks: 0 }],
    ['page:answer-received', { kinds: 'unknown unknown unknown', tasks: 3 }],
    ['page:outcomes-written', { kinds: 'receipt receipt receipt', tasks: 3 }],
  ])('at %s leaves a journal from which the next one tells the truth', async (point, { kinds, tasks }) => {
    const rows = world.newRows(3);
    await expect(submitPage(world.dyingAt(point), { rows })).rejects.toThrow('died');
    const outcomes = await submitPage(world.newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind).join(' ')).toBe(kinds);
    const made = await Promise.all(rows.map((row) => world.tasksOf(row)));
    expect(made.flat()).toHaveLength(tasks);
  });

  it.each<FaultPoint>(['page:intent-written', 'page:receipt-written'])(
    'at %s of the second row buys none twice and loses none',
    async (point) => {
      const rows = world.newRows(4);
      await expect(submitPage(world.dyingAt(point, 2), { rows })).rejects.toThrow('died');
      const outcomes = await submitPage(world.newDeps(), { rows });
      for (const [index, row] of rows.entries()) {
        const made = await world.tasksOf(row);
        const receipt = (await world.store.journal.read(row.scrapeId, 1))?.receipt;
        expect(made.length).toBeLessThanOrEqual(1);
        expect(outcomes[index]?.kind).toBe(receipt ? 'receipt' : 'unknown');
        expect(receipt?.taskId).toBe(receipt && made[0]?.id);
      }
    },
  );
});

describe('a disk that is full', () => {
  it('after the answer loses no receipt: they are told without being on record', async () => {
    const rows = world.newRows(3);
    const deps = world.withJournal({ createReceipt: () => Promise.reject(full()) });
    const outcomes = await submitPage(deps, { rows });
    expect(outcomes).toMatchObject(rows.map(() => ({ kind: 'receipt', journalled: false })));
  });

  it('before the request sends nothing, and the page is run again', async () => {
    const rows = world.newRows(3);
    const posts = await world.posts();
    const deps = world.withJournal({ createIntent: () => Promise.reject(full()) });
    await expect(submitPage(deps, { rows })).rejects.toMatchObject({ type: 'StoreUnavailable' });
    expect(await world.posts()).toBe(posts);
  });

  it('for one row sends the others', async () => {
    const rows = world.newRows(3);
    const deps = world.withJournal({
      createIntent: (intent) =>
        intent.scrapeId === rows[0]?.scrapeId
          ? Promise.reject(full())
          : world.store.journal.createIntent(intent),
    });
    const outcomes = await submitPage(deps, { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['alone', 'receipt', 'receipt']);
  });
});

describe('a page that is recalled', () => {
  it('tells what was bought or begun, and stops the others from being bought', async () => {
    const rows = world.newRows(4);
    await world.scriptPost({ fault: 'drop-after' });
    await submitPage(world.newDeps(), { rows: rows.slice(0, 1) });
    await submitPage(world.newDeps(), { rows: rows.slice(1, 2) });
    const outcomes = await recallPage(world.newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'receipt', 'alone', 'alone']);
    expect(await world.store.journal.read(rows[2]?.scrapeId ?? '', 1)).toMatchObject({
      intent: { withdrawn: true },
    });
  });
});

function full(): StoreError {
  return new StoreError('unavailable', 'journal', 'full on purpose');
}
