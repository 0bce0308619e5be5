import { tellsNothing } from './body-rules.ts';
import type { FiledRecord, FiledSubmission, Job, Money } from './evidence.ts';
import type { Breach, Case } from './rules.ts';

export const UNITS = ['credits', 'usdMicros'] as const;

/** Whether a record names all money that was taken, and no other; `blind`: jobs that nobody has a receipt of. */
export function judgeMoney(record: FiledRecord, one: Case, blind: readonly Job[]): Breach[] {
  const { jobs, submissions } = one;
  const known = jobs.filter((job) => !blind.includes(job));
  const inDoubt = submissions.filter(
    ({ receipt, unknown, boughtNothing }) => !receipt && !boughtNothing && !unknown?.absent,
  );
  return UNITS.flatMap((unit) => {
    const breaches: Breach[] = [];
    const add = (rule: string, text: string): void => void breaches.push({ rule, text });
    const taken = (list: readonly Job[]) => sumOf(list, ({ charged }) => charged[unit] ?? 0);
    const given = sumOf(known, (job) => (wasSeenLate(one, job) ? (job.refunded[unit] ?? 0) : 0));
    const [paid, doubted] = [taken(known), taken(blind)];
    const [charge, possible] = [record.charge[unit] ?? 0, record.possiblySpent[unit] ?? 0];
    if (charge < paid - given) add('lost money', `${paid} ${unit} were taken, its record says ${charge}`);
    if (charge + possible < paid - given + doubted)
      add('lost money', `${paid + doubted} ${unit} were taken, its record knows of ${charge + possible}`);
    // A bound may stand for a charge that no list told.
    if (charge > paid + doubted) add('made up', `${charge} ${unit} charged, ${paid + doubted} taken`);
    const bounds = sumOf(inDoubt, ({ bound }) => bound[unit] ?? 0);
    if (possible !== bounds)
      add('made up', `${possible} ${unit} possibly spent, ${bounds} are in doubt by its journal`);
    breaches.push(...judgeRefund(record, one, { known, unit }));
    return breaches;
  });
}

/** What is said to come back has come, or is due; and what must be known to come back is said. */
function judgeRefund(
  record: FiledRecord,
  one: Case,
  { known, unit }: { known: readonly Job[]; unit: (typeof UNITS)[number] },
): Breach[] {
  const due = (list: readonly Job[]) =>
    sumOf(list, ({ refunded, withheld }) => (refunded[unit] ?? 0) + (withheld[unit] ?? 0));
  const said = record.refundExpected[unit] ?? 0;
  const [most, least] = [due(known), due(known.filter((job) => tellsRefund(one, job)))];
  if (said > most) return [{ rule: 'made up', text: `${said} ${unit} expected back, ${most} are due` }];
  if (said < least)
    return [{ rule: 'lost money', text: `${least} ${unit} are due back, its record expects ${said}` }];
  return [];
}

/** Nobody could see what it took before some of it was given back. */
function wasSeenLate(one: Case, { id }: Job): boolean {
  const owner = one.submissions.find(({ receipt }) => receipt?.taskId === id);
  const hidden = one.params?.['depth'] !== undefined; // pages that there were not
  return (
    owner?.receipt?.listedAtEnd === true &&
    (hidden || (owner.verdict !== undefined && saysNothing(one, owner)))
  );
}

/** Whether it can be seen in its answer that some of its price is due back. */
function tellsRefund(one: Case, { id, provider }: Job): boolean {
  const owner = one.submissions.find(({ receipt }) => receipt?.taskId === id);
  // How many of several pages there were, an answer does not tell.
  if (!owner?.verdict || one.params?.['depth'] !== undefined || saysNothing(one, owner)) return false;
  return provider === 'dataforseo' || owner.verdict.outcome === 'failed';
}

function saysNothing({ bodies }: Case, { verdict }: FiledSubmission): boolean {
  if (verdict?.outcome === 'expired') return true;
  return verdict?.outcome === 'empty' && tellsNothing(verdict.result && bodies.get(verdict.result.path));
}

/** What the log of an account's cap knows of, and what was taken there: no less, and no more than the cap. */
export function judgeCap(cap: Money, logged: Money, jobs: readonly Job[]): Breach[] {
  const kept: Money = {};
  for (const unit of UNITS)
    kept[unit] = sumOf(jobs, ({ charged, refunded }) => (charged[unit] ?? 0) - (refunded[unit] ?? 0));
  return UNITS.flatMap((unit) =>
    (kept[unit] ?? 0) <= (logged[unit] ?? 0)
      ? []
      : [
          {
            rule: 'overshoot',
            text: `${kept[unit]} ${unit} were taken, the log of the cap knows of ${logged[unit] ?? 0}`,
          },
        ],
  ).concat(judgeCeiling(cap, jobs));
}

/** How often a queue of this rate (a second) can be asked in any minute, each start of the server anew. */
export function judgePace(perMinute: number, { rate, starts }: { rate: number; starts: number }): Breach[] {
  const most = 61 * rate + 1 + starts * rate;
  return perMinute <= most
    ? []
    : [{ rule: 'limit', text: `${perMinute} purchases at ScrapeLLM in a minute, of at most ${most}` }];
}

/** Nothing beyond a batch's ceiling was taken, whatever was given back. */
export function judgeCeiling(ceiling: Money, jobs: readonly Job[]): Breach[] {
  return UNITS.flatMap((unit) => {
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
