import { expect, it } from 'vitest';
import { HintBook } from '../../src/activities/hint-book.ts';

const MINUTE_MS = 60_000;

/** At which of the first forty minutes it is told of a task that stays listed. */
function toldAt(heard: boolean): number[] {
  const book = new HintBook();
  return Array.from({ length: 40 }, (_, minute) => minute).filter((minute) => {
    const isDue = book.isDue('task', minute * MINUTE_MS);
    if (isDue) book.told('task', minute * MINUTE_MS, heard);
    return isDue;
  });
}

it('tells a scrape that was not there soon again, and one that heard it seldom, since its look may wait for its turn', () => {
  expect(toldAt(false)).toEqual([0, 1, 4, 13]);
  expect(toldAt(true)).toEqual([0, 3, 12, 39]);
});
