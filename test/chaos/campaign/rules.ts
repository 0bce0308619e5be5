import type { FiledRecord, FiledSubmission, Job, Money } from './evidence.ts';

// What P1 to P5 mean of one scrape and of one batch. No code of the product here, and none of the adversary's.

/** A scrape as everybody knows it. */
export interface Case {
  mark: string;
  scrapeId: string;
  batch: string;
  submissions: FiledSubmission[];
  record?: FiledRecord;
  jobs: Job[];
  /** Bodies that are stored, by the path in a verdict; undefined: not there, or not what its hash says. */
  bodies: Map<string, string | undefined>;
  /** What Temporal returned of its workflow; absent if the server knows nothing of it or it has no result. */
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
  const sound = jobs.filter(({ outcome }) => outcome !== 'failed');
  const again = submissions.filter((each) => mayBeFollowed(each) && submissions.some(({ n }) => n > each.n));
  if (sound.length > 1 + again.length)
    add('bought twice', `${sound.length} jobs that did not fail, ${again.length} counted resubmits`);

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
  if (returned && returned.outcome !== record.outcome && returned.outcome !== 'cancelled')
    add('Temporal differs', `the workflow returned ${returned.outcome}, the record says ${record.outcome}`);
  return breaches;
}

/** Ended in a way after which another purchase is allowed, although the job itself may be sound. */
function mayBeFollowed({ receipt, unknown, verdict }: FiledSubmission): boolean {
  return verdict ? verdict.outcome === 'expired' : !receipt && unknown !== undefined && !unknown.absent;
}

/** A job with a receipt: its answer is in the store, or it is proven that it could not be had. */
function judgeOwned(
  { bodies }: Case,
  job: Job,
  { verdict }: FiledSubmission,
  leaps: ReadonlyArray<{ atMs: number; ms: number }>,
): Breach[] {
  const lost = (text: string): Breach[] => [{ rule: 'lost result', text: `${job.id}: ${text}` }];
  if (!verdict) return lost('paid, and nothing says how it ended');
  if (verdict.outcome === 'expired') {
    const moved = leaps.reduce((sum, { atMs, ms }) => sum + (atMs <= verdict.atMs ? ms : 0), 0);
    const ageMs = verdict.atMs + moved - job.createdAtMs;
    return ageMs >= RETENTION_MS[job.provider] - SLACK_MS
      ? []
      : lost(`given up as expired ${Math.round(ageMs / 1000)} s after it was bought`);
  }
  if (job.outcome === 'failed') return [];
  if (verdict.outcome === 'failed') {
    return lost(`it ended well, and its verdict says "failed"`);
  }
  const body = verdict.result && bodies.get(verdict.result.path);
  if (body === undefined)
    return verdict.outcome === 'empty' && !verdict.result ? [] : lost('no whole body is stored');
  return body.includes(job.id) ? [] : lost('the stored body is that of another job');
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

/** Whether a stored answer tells nothing of what was given back: it ended well, and there is no result in it. */
function tellsNothing(body: string | undefined): boolean {
  if (body === undefined) return false;
  const answer = JSON.parse(body) as { tasks?: Array<{ status_code: number; result: unknown }> }; // as the provider sent it
  const task = answer.tasks?.[0];
  return task?.status_code === 20_000 && task.result === null;
}

function judgeMoney(
  record: FiledRecord,
  { jobs, submissions, bodies }: Case,
  blind: readonly Job[],
): Breach[] {
  const known = jobs.filter((job) => !blind.includes(job));
  const saysNothing = ({ verdict }: FiledSubmission): boolean =>
    verdict?.outcome === 'expired' ||
    (verdict?.outcome === 'empty' && tellsNothing(verdict.result && bodies.get(verdict.result.path)));
  // Nobody could see what these took before some of it was given back.
  const seenLate = jobs.filter(({ id }) =>
    submissions.some((each) => each.receipt?.taskId === id && each.receipt.listedAtEnd && saysNothing(each)),
  );
  return (['credits', 'usdMicros'] as const).flatMap((unit) => {
    const total = (list: readonly Job[]) => sumOf(list, ({ charged }) => charged[unit] ?? 0);
    const given = sumOf(seenLate, ({ refunded }) => refunded[unit] ?? 0);
    const [paid, doubted] = [total(known), total(blind)];
    const [charge, possible] = [record.charge[unit] ?? 0, record.possiblySpent[unit] ?? 0];
    return [
      ...(charge < paid - given
        ? [{ rule: 'lost money', text: `${paid} ${unit} were taken, its record says ${charge}` }]
        : []),
      ...(charge + possible < paid - given + doubted
        ? [
            {
              rule: 'lost money',
              text: `${paid + doubted} ${unit} were taken, its record knows of ${charge + possible}`,
            },
          ]
        : []),
      // A bound may stand for a charge that no list told.
      ...(charge > paid + doubted
        ? [{ rule: 'made up', text: `${charge} ${unit} charged, ${paid + doubted} taken` }]
        : []),
    ];
  });
}

/** Nothing beyond a batch's ceiling was taken, whatever was given back. */
export function judgeCeiling(ceiling: Money, jobs: readonly Job[]): Breach[] {
  return (['credits', 'usdMicros'] as const).flatMap((unit) => {
    const most = ceiling[unit];
    const taken = sumOf(jobs, ({ charged }) => charged[unit] ?? 0);
    return most === undefined || taken <= most
      ? []
      : [{ rule: 'overshoot', text: `${taken} ${unit} were taken under a ceiling of ${most}` }];
  });
}

function sumOf<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
