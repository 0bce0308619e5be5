import type { Submission } from '../contracts/journal.ts';
import type { Charge } from '../contracts/money.ts';
import { isSuccess } from '../contracts/outcomes.ts';
import type { Outcome } from '../contracts/outcomes.ts';
import { nextSubmission } from '../contracts/retry.ts';
import type { RetriedOutcome, RetryRow } from '../contracts/retry.ts';
import type { Params, ScrapeRecord, ScrapeRequest } from '../contracts/scrape.ts';
import type { Scraper } from '../contracts/scrapers.ts';
import type { Problem } from '../contracts/schemas/problems.ts';
import type { PlanDeps } from './plan-items.ts';

/** A scrape of the batch as the store knows it. */
export interface RetryCandidate {
  scrapeId: string;
  /** What the batch asked for. */
  request: ScrapeRequest;
  record: ScrapeRecord | undefined;
  submissions: readonly Submission[];
}

type Rules = Pick<PlanDeps, 'validate' | 'priceBound' | 'params'>;

/** How a scrape of a batch that has ended ended: one without a record was refused for its input. */
export function outcomeOf({ record, submissions }: Pick<RetryCandidate, 'record' | 'submissions'>): Outcome {
  const done = submissions.find(({ verdict }) => verdict && isSuccess(verdict.outcome))?.verdict;
  return done?.outcome ?? record?.outcome ?? 'refused';
}

/**
 * The row of a scrape that is to be bought once more; undefined if it ended otherwise. Of `set` it gets what its scraper
 * has. Pure.
 */
export function retryRow(
  candidate: RetryCandidate,
  { only, set }: { only: readonly RetriedOutcome[]; set: Params },
  rules: Rules,
): { row: RetryRow; outcome: RetriedOutcome; problems: Problem[] } | undefined {
  const outcome = only.find((one) => one === outcomeOf(candidate));
  if (!outcome) return undefined;
  const { scrapeId, submissions, request: first } = candidate;
  const params = { ...first.params, ...ownParams(set, first.scraper, rules) };
  const request = { ...first, params };
  const problems = rules.validate(request);
  const bound: Charge = problems.length > 0 ? {} : rules.priceBound(request);
  return { row: { scrapeId, from: nextSubmission(submissions), params, bound }, outcome, problems };
}

/** What is wrong with `set` whatever is retried: a parameter that none of the scrapers has. */
export function unknownParams(set: Params, scrapers: ReadonlySet<Scraper>, rules: Rules): Problem[] {
  return Object.keys(set)
    .filter((name) => ![...scrapers].some((scraper) => Object.hasOwn(rules.params(scraper), name)))
    .map((name) => ({ field: `set.${name}`, message: `no such parameter of ${[...scrapers].join(', ')}` }));
}

function ownParams(set: Params, scraper: Scraper, rules: Rules): Params {
  const specs = rules.params(scraper);
  return Object.fromEntries(Object.entries(set).filter(([name]) => Object.hasOwn(specs, name)));
}
