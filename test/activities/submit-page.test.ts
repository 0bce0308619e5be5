import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageRow } from '../../src/activities/page-row.ts';
import { submit } from '../../src/activities/submit.ts';
import { submitPage } from '../../src/activities/submit-page.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { createPageWorld } from './page-world.ts';
import type { PageWorld } from './page-world.ts';

let world: PageWorld;
beforeAll(async () => {
  world = await createPageWorld();
});
afterAll(() => world.close());

describe('a page', () => {
  it('is bought in one call: a receipt each, in the order of its rows, and each in its own journal', async () => {
    const rows = world.newRows(100);
    const posts = await world.posts();
    const outcomes = await submitPage(world.newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(rows.map(() => 'receipt'));
    expect(await world.posts()).toBe(posts + 1);
    for (const [index, row] of rows.entries()) {
      const submission = await world.store.journal.read(row.scrapeId, 1);
      expect(outcomes[index]).toEqual({ kind: 'receipt', receipt: submission?.receipt, journalled: true });
      expect(await world.tasksOf(row)).toMatchObject([
        { id: submission?.receipt?.taskId, tag: submission?.intent.tag },
      ]);
    }
  });

  it('that is run again buys nothing and tells the same', async () => {
    const rows = world.newRows(5);
    const first = await submitPage(world.newDeps(), { rows });
    const posts = await world.posts();
    expect(await submitPage(world.newDeps(), { rows })).toEqual(first);
    expect(await world.posts()).toBe(posts);
  });

  it('that two workers run at once buys each scrape once', async () => {
    const rows = world.newRows(20);
    const both = await Promise.all([
      submitPage(world.newDeps(), { rows }),
      submitPage(world.newDeps(), { rows }),
    ]);
    for (const [index, row] of rows.entries()) {
      expect(await world.tasksOf(row)).toHaveLength(1);
      expect(both.map((outcomes) => outcomes[index]?.kind)).toContain('receipt');
    }
  });

  it('leaves a row to itself that cannot go with the others, and buys the others', async () => {
    const [good, other, tooLong, over, unknownAccount, used] = world.newRows(6) as [
      PageRow,
      PageRow,
      PageRow,
      PageRow,
      PageRow,
      PageRow,
    ];
    await submit(world.newDeps(), { ref: toRef(used.scrapeId, used.input), input: used.input, n: 1 });
    const rows = [
      good,
      { ...other, input: { ...other.input, scraper: 'dataforseo/bing-organic' } },
      { ...tooLong, input: { ...tooLong.input, prompt: 'x'.repeat(10_000) } },
      { ...over, input: { ...over.input, onUnknown: 'perhaps' as never } },
      { ...unknownAccount, input: { ...unknownAccount.input, account: 'nobody' } },
      { ...used, input: { ...used.input, prompt: 'another question' } },
    ];
    const outcomes = await submitPage(world.newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'receipt',
      'alone',
      'alone',
      'alone',
      'alone',
      'alone',
    ]);
  });

  it('leaves a row with a damaged journal alone', async () => {
    const rows = world.newRows(3);
    const deps = world.newDeps({
      store: {
        ...world.store,
        journal: {
          ...world.store.journal,
          readAll: (id) =>
            id === rows[1]?.scrapeId ? Promise.reject(damaged()) : world.store.journal.readAll(id),
        },
      },
    });
    const outcomes = await submitPage(deps, { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['receipt', 'alone', 'receipt']);
  });
});

describe('a task that the provider refuses', () => {
  it('ends for good if it is wrong, and does not hurt its neighbours', async () => {
    const rows = world.newRows(3);
    await world.refuseTask(rows[1] as PageRow, 40_501);
    const outcomes = await submitPage(world.newDeps(), { rows });
    expect(outcomes).toMatchObject([
      { kind: 'receipt' },
      { kind: 'refused', journalled: true, failure: { type: 'ProviderRejected' } },
      { kind: 'receipt' },
    ]);
    expect(await world.store.journal.read(rows[1]?.scrapeId ?? '', 1)).toMatchObject({
      refused: { try: 1, reason: 'rejected' },
    });
  });

  it('goes on by itself if only this try was refused', async () => {
    const rows = world.newRows(2);
    await world.refuseTask(rows[0] as PageRow, 40_202);
    const [refused, bought] = await submitPage(world.newDeps(), { rows });
    expect(bought?.kind).toBe('receipt');
    expect(refused).toMatchObject({ kind: 'refused', journalled: true });
    expect(refused).not.toHaveProperty('failure');
  });
});

describe('a call that is refused as a whole', () => {
  it('is made again: the tries are on record, and the next run buys', async () => {
    const rows = world.newRows(3);
    await world.scriptPost({ fault: 'root-error', code: 40_202 });
    await expect(submitPage(world.newDeps(), { rows })).rejects.toMatchObject({
      type: 'RateLimited',
      nonRetryable: false,
    });
    const outcomes = await submitPage(world.newDeps(), { rows });
    expect(outcomes).toMatchObject(rows.map(() => ({ kind: 'receipt', receipt: { try: 2 } })));
  });

  it('closes the account where it cannot pay, and nothing is sent until the next probe', async () => {
    const rows = world.newRows(3);
    const deps = world.newDeps();
    await world.scriptPost({ fault: 'root-error', code: 40_210 });
    await expect(submitPage(deps, { rows })).rejects.toMatchObject({ type: 'AccountBlocked' });
    const posts = await world.posts();
    await expect(submitPage(deps, { rows })).rejects.toMatchObject({ type: 'AccountBlocked' });
    expect(await world.posts()).toBe(posts);
  });

  it('keeps nobody from being collected: what is bought already is told', async () => {
    const [bought, ...others] = world.newRows(3);
    if (!bought) throw new Error('no row');
    await submit(world.newDeps(), { ref: toRef(bought.scrapeId, bought.input), input: bought.input, n: 1 });
    await world.scriptPost({ fault: 'root-error', code: 40_202 });
    const outcomes = await submitPage(world.newDeps(), { rows: [bought, ...others] });
    expect(outcomes).toMatchObject([{ kind: 'receipt' }, { kind: 'refused' }, { kind: 'refused' }]);
  });
});

describe('a lost answer', () => {
  it.each(['drop-before', 'drop-after'] as const)('(%s) makes exactly its tasks unknown', async (fault) => {
    const [bought, ...others] = world.newRows(4);
    if (!bought) throw new Error('no row');
    await submit(world.newDeps(), { ref: toRef(bought.scrapeId, bought.input), input: bought.input, n: 1 });
    await world.scriptPost({ fault });
    const rows = [bought, ...others];
    const outcomes = await submitPage(world.newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['receipt', 'unknown', 'unknown', 'unknown']);
    const posts = await world.posts();
    expect(await submitPage(world.newDeps(), { rows })).toEqual(outcomes);
    expect(await world.posts()).toBe(posts);
    expect(outcomes[1]).toMatchObject({ open: { n: 1, bound: { usdMicros: expect.any(Number) } } });
  });
});

function damaged(): StoreError {
  return new StoreError('damaged', 'journal', 'damaged on purpose');
}
