import type { Book } from './books.ts';
import { idsOf, type Check } from './check.ts';

const MOST_MS_AFTER = 5_000;

/** What a cancel promises: buying stops soon, and what was never bought is counted as cancelled. */
export function checkCancel(batch: readonly Book[], askedAtMs: number): Check[] {
  const intents = batch.flatMap(({ submissions }) => submissions.flatMap(({ intentsAtMs }) => intentsAtMs));
  const jobs = batch.flatMap(({ jobs }) => jobs.map(({ createdAt }) => Date.parse(createdAt)));
  const late = jobs.filter((ms) => ms > askedAtMs);
  const lastMs = [...intents, ...jobs].reduce((last, ms) => Math.max(last, ms - askedAtMs), 0);
  const cancelled = batch.filter(({ record }) => record?.outcome === 'cancelled');
  const never = batch.filter((book) => !mayBeBought(book));
  const wrong = batch.filter((book) => (book.record?.outcome === 'cancelled') === mayBeBought(book));
  return [
    {
      name: 'last purchase after the cancel, at most 5 s',
      figure: `${(lastMs / 1000).toFixed(1)} s (${late.length} jobs after it)`,
      ok: lastMs <= MOST_MS_AFTER,
      about: [],
    },
    {
      name: 'cancelled = never bought',
      figure: `${cancelled.length} = ${never.length}, ${jobs.length} jobs of ${batch.length - never.length} scrapes`,
      ok: wrong.length === 0,
      about: idsOf(wrong),
    },
  ];
}

function mayBeBought({ submissions, jobs }: Book): boolean {
  return jobs.length > 0 || submissions.some(({ receipt, isUnanswered }) => receipt ?? isUnanswered);
}
