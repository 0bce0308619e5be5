import { judgeBody } from './body-rules.ts';
import type { FiledRecord, FiledSubmission, Job, Money } from './evidence.ts';
import { judgeCeiling, judgeMoney } from './money-rules.ts';

// What P1 to P5 mean of one scrape and of one batch. No code of the product here, and none of the adversary's.

/** A scrape as everybody knows it. */
export interface Case {
  mark: string;
  scrapeId: string;
  scraper: string;
  batch: string;
  params?: Record<string, string | number>;
  /** The most that one purchase of it may cost. */
  limit?: Money;
  /** What it was asked for with. */
  policy: { onUnknown: 'fail' | 'resubmit'; maxSubmissions: number };
  submissions: FiledSubmission[];
  record?: FiledRecord;
  jobs: Job[];
  /** Bodies that are stored, by the path in a verdict; undefined: not there, or not what its hash says. */
  bodies: Map<string, string | undefined>;
  /** What the provider tells whoever collects: by job and form, as `deliveryKey` has it. */
  delivered: Map<string, unknown>;
  /** The record that Temporal has of its workflow, in its result or its failure; absent if the server has none. */
  returned?: FiledRecord;
}

export interface Breach {
  rule: string;
  text: string;
}

/** How long results are kept, milliseconds: docs.scrapellm.com and docs.dataforseo.com. */
const RETENTION_MS = { scrapellm: 24 * 3_600_000, dataforseo: 30 * 24 * 3_600_000 };
const SLACK_MS = 5_000;

/** `leaps`: when (real time) the providers' clock was moved, and how far. */
export function judgeScrape(one: Case, leaps: ReadonlyArray<{ atMs: number; ms: number }>): Breach[] {
  const { record, submissions, jobs } = one;
  if (!record) return [{ rule: 'no outcome', text: 'there is no record' }];
  const breaches: Breach[] = [];
  const add = (rule: string, text: string): void => void breaches.push({ rule, text });

  if (jobs.length > record.submissions)
    add('bought twice', `${jobs.length} jobs, its record has ${record.submissions} submissions`);
  breaches.push(...judgeFollowers(one));
  for (const job of jobs)
    for (const { rule, text } of one.limit ? judgeCeiling(one.limit, [job]) : [])
      add(rule, `${job.id}: ${text}`);

  for (const job of jobs) {
    const owner = submissions.find(({ receipt }) => receipt?.taskId === job.id);
    const named = submissions.some(({ duplicates }) => duplicates.includes(job.id));
    if (owner) breaches.push(...judgeOwned(one, job, owner, leaps));
    else if (!named) breaches.push(...judgeBlind(one, job));
  }
  const blind = jobs.filter(({ id }) => !submissions.some(({ receipt }) => receipt?.taskId === id));
  const doubts = submissions.filter(({ receipt, unknown }) => !receipt && unknown && !unknown.absent);
  const unnamed = blind.filter(({ id }) => !submissions.some(({ duplicates }) => duplicates.includes(id)));
  if (unnamed.length > doubts.length)
    add('lost money', `${unnamed.length} jobs without a receipt, ${doubts.length} submissions in doubt`);

  for (const { receipt } of submissions)
    if (receipt && !jobs.some(({ id }) => id === receipt.taskId))
      add('made up', `a receipt of ${receipt.taskId}, which the provider never made`);
  for (const each of submissions)
    if (!each.receipt && !each.unknown && !each.boughtNothing)
      add('no outcome', `submission ${each.n} was begun and is not settled`);
  breaches.push(...judgeMoney(record, one, blind));
  const { returned } = one;
  if (returned && sayEnd(returned) !== sayEnd(record))
    add('Temporal differs', `the workflow ended as ${sayEnd(returned)}, the record says ${sayEnd(record)}`);
  const ends = submissions.flatMap(({ verdict }) => verdict?.outcome ?? []).filter(isSuccess);
  if (isSuccess(record.outcome) ? !ends.includes(record.outcome) : ends.length > 0)
    add('made up', `the record says ${record.outcome}, its submissions ended as "${ends.join(', ')}"`);
  return breaches;
}

function isSuccess(outcome: string): boolean {
  return outcome === 'done' || outcome === 'empty';
}

function sayEnd({ outcome, charge, possiblySpent }: FiledRecord): string {
  return `${outcome} for ${sayMoney(charge)}, ${sayMoney(possiblySpent)} in doubt`;
}

function sayMoney({ credits = 0, usdMicros = 0 }: Money): string {
  return `${credits} credits + ${usdMicros} micro-USD`;
}

/** Whether every purchase but the first was one that may follow those before it. */
function judgeFollowers({ jobs, submissions, policy }: Case): Breach[] {
  const breaches: Breach[] = [];
  const add = (text: string): void => void breaches.push({ rule: 'bought twice', text });
  const bought = submissions.filter((each) => !each.boughtNothing && !each.unknown?.absent);
  let again = 0;
  bought.forEach((each, k) => {
    const next = bought[k + 1];
    const left = next && leftBehind(each, next);
    if (left === undefined) return;
    again += 1;
    const isAsked = next?.retry !== undefined || (left === 'in doubt' && policy.onUnknown === 'resubmit');
    if (left === 'open' || !isAsked)
      add(`submission ${each.n} is ${left}, and ${next?.n} was bought after it`);
  });
  const sound = jobs.filter(({ outcome }) => outcome !== 'failed');
  if (sound.length > 1 + again) add(`${sound.length} jobs that did not fail, ${again} counted resubmits`);
  const last = bought.findLast(({ retry }) => retry === undefined);
  if (last && last.n > policy.maxSubmissions)
    add(`submission ${last.n} was bought, where at most ${policy.maxSubmissions} were asked for`);
  return breaches;
}

/** How a submission stood when the next one was begun, if its job may be sound all the same. */
function leftBehind(
  { receipt, unknown, verdict }: FiledSubmission,
  { begunAtMs }: FiledSubmission,
): 'in doubt' | 'expired' | 'open' | undefined {
  // Also if its receipt was written after that.
  if (unknown && unknown.atMs <= begunAtMs) return 'in doubt';
  if (verdict?.outcome === 'expired') return 'expired';
  return receipt ? undefined : 'open';
}

/** A job with a receipt: its answer is in the store, or it is proven that it could not be had. */
function judgeOwned(
  one: Case,
  job: Job,
  submission: FiledSubmission,
  leaps: ReadonlyArray<{ atMs: number; ms: number }>,
): Breach[] {
  const { verdict } = submission;
  const lost = (text: string): Breach[] => [{ rule: 'lost result', text: `${job.id}: ${text}` }];
  if (!verdict) return lost('paid, and nothing says how it ended');
  const moved = leaps.reduce((sum, { atMs, ms }) => sum + (atMs <= verdict.atMs ? ms : 0), 0);
  const ageMs = verdict.atMs + moved - job.createdAtMs;
  if (verdict.outcome === 'expired') {
    return ageMs >= RETENTION_MS[job.provider] - SLACK_MS
      ? []
      : lost(`given up as expired ${Math.round(ageMs / 1000)} s after it was bought`);
  }
  if (job.outcome !== 'done' && verdict.outcome !== job.outcome)
    return [
      { rule: 'made up', text: `${job.id}: it is ${job.outcome}, its verdict says ${verdict.outcome}` },
    ];
  if (job.outcome === 'failed') return [];
  if (verdict.outcome === 'failed') return lost(`it ended well, and its verdict says "failed"`);
  return judgeBody(one, job, { submission, ageMs });
}

/** A job that nobody has a receipt of: its submission must be in doubt, never proven not to have bought anything. */
function judgeBlind({ submissions }: Case, job: Job): Breach[] {
  if (job.tag === undefined) return [];
  const owner = submissions.find(({ tag }) => tag === job.tag);
  if (!owner)
    return [{ rule: 'made up', text: `${job.id} was bought under ${job.tag}, which no journal has` }];
  if (owner.unknown?.absent)
    return [
      { rule: 'wrong proof of absence', text: `${job.id} was bought, and submission ${owner.n} is absent` },
    ];
  if (owner.boughtNothing)
    return [{ rule: 'lost money', text: `${job.id} was bought, and submission ${owner.n} was refused` }];
  return [];
}
