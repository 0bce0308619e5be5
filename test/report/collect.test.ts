import { describe, expect, it } from 'vitest';
import { collectReport } from '../../src/report/collect.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { BATCH, damaged, fillShelf, STARTED, storeOf } from './fixtures.ts';

const SOON = new Date(STARTED.getTime() + 60_000);
const MUCH_LATER = new Date(STARTED.getTime() + 3_600_000);

describe('collectReport', () => {
  it('reads every scrape of every page, in manifest order', async () => {
    const shelf = fillShelf({ samples: 4 });
    const data = await collectReport(storeOf(shelf), BATCH, SOON);
    expect(shelf.pages.size).toBe(2);
    expect(data.results.map((one) => one.scrapeId)).toEqual(
      [...shelf.pages.values()].flatMap((page) =>
        page instanceof StoreError ? [] : page.map((row) => row.scrapeId),
      ),
    );
    expect(data.results).toHaveLength(560);
  });

  it('tells what is late from what is on its way and what was not bought yet', async () => {
    const store = storeOf(fillShelf());
    const [soon, later] = [
      await collectReport(store, BATCH, SOON),
      await collectReport(store, BATCH, MUCH_LATER),
    ];
    const open = (data: typeof soon) =>
      data.results.filter((one) => one.state === 'open').map((one) => one.open);
    expect(open(soon).map((one) => one?.late)).toEqual([false, false, false, false]);
    expect(open(later).map((one) => one?.late)).toEqual([true, true, true, false]);
    expect(open(soon).map((one) => one?.charge)).toEqual([
      { credits: 3 },
      { credits: 3 },
      { credits: 3 },
      {},
    ]);
  });

  it('names an answer that is damaged or gone and goes on', async () => {
    const shelf = fillShelf();
    const [first = '', second = ''] = shelf.answers.keys();
    shelf.answers.set(first, damaged(first));
    shelf.answers.delete(second);
    const { results } = await collectReport(storeOf(shelf), BATCH, SOON);
    expect(results[0]?.problem).toContain(`the file ${first} is damaged`);
    expect(results[1]?.problem).toContain('not in the store');
    expect(results[0]?.state).toBe('done');
    expect(results.filter((one) => one.problem !== undefined)).toHaveLength(2);
  });

  it('counts a scrape whose record is damaged as unreadable', async () => {
    const shelf = fillShelf();
    const [id = ''] = shelf.records.keys();
    shelf.records.set(id, damaged(id));
    const { results } = await collectReport(storeOf(shelf), BATCH, SOON);
    expect(results[0]).toMatchObject({ state: 'unreadable', problem: expect.stringContaining('damaged') });
  });

  it('says how many scrapes a lost page hides', async () => {
    const shelf = fillShelf({ samples: 8 });
    shelf.pages.set(2, damaged('pages/2'));
    const data = await collectReport(storeOf(shelf), BATCH, SOON);
    expect(data.lostPages).toEqual([{ page: 2, scrapes: 500, problem: expect.stringContaining('pages/2') }]);
    expect(data.results).toHaveLength(620);
  });

  it('wants a record of every scrape once the batch has ended', async () => {
    const shelf = fillShelf();
    shelf.record = { endedAt: SOON.toISOString() } as never; // only its presence matters here
    const { results } = await collectReport(storeOf(shelf), BATCH, SOON);
    expect(results.filter((one) => one.problem?.includes('has no record'))).toHaveLength(4);
  });

  it('does not make a report of a store that is down', async () => {
    const shelf = fillShelf();
    const [id = ''] = shelf.records.keys();
    shelf.records.set(id, new StoreError('unavailable', id, 'disk is gone'));
    await expect(collectReport(storeOf(shelf), BATCH, SOON)).rejects.toThrow('disk is gone');
  });

  it('offers the nearest batch when there is none of that name', async () => {
    const store = storeOf(fillShelf());
    await expect(collectReport(store, 'batch/trail-shoe')).rejects.toThrow(
      'Did you mean "batch/trail-shoes"?',
    );
  });
});
