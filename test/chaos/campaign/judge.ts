import type { Audited } from './audited.ts';
import type { CampaignWorld } from './campaign-world.ts';
import { readJournal, readLedgers, readRecords, readResult, readTraffic } from './evidence.ts';
import type { FiledRecord } from './evidence.ts';
import type { Fault } from './fault-book.ts';
import { concerns, countHits, risksOf } from './hits.ts';
import type { FaultCount } from './hits.ts';
import { MARK } from './questions.ts';
import type { Asked } from './questions.ts';
import { judgeCeiling, judgeScrape } from './rules.ts';
import type { Breach, Case } from './rules.ts';

/** A broken promise with everything that is known of its scrape. */
interface Violation extends Breach {
  scrapeId: string;
  trace: { journal: unknown; record: unknown; ledger: unknown; faults: Fault[]; events: string[] };
}

/** One file a run. */
export interface CampaignReport {
  seed: string;
  options: CampaignWorld['options'];
  settled: boolean;
  scrapes: number;
  jobs: number;
  /** Scrapes by outcome; `terminated` are those among the cancelled that somebody ended from outside, by name. */
  outcomes: Record<string, number>;
  terminated: string[];
  faults: Record<string, FaultCount>;
  workers: { lives: number; endedByThemselves: number };
  /** Of `gleaner audit` at the end, if one was wanted. */
  audited?: Audited;
  violations: Violation[];
}

/** Reads what everybody has, and decides. */
export async function judge(
  world: CampaignWorld,
  { storeFolder, settled, audited }: { storeFolder: string; settled: boolean; audited?: Audited },
): Promise<CampaignReport> {
  const { options, book, keeper, fleet, leaps, simulatorUrl } = world;
  const submissions = await readJournal(storeFolder);
  const records = new Map((await readRecords(storeFolder)).map((record) => [record.scrapeId, record]));
  const { jobs, foreignCollected } = await readLedgers(simulatorUrl);
  const { limitViolations, faults: fallen } = await readTraffic(simulatorUrl);
  const jobsOf = groupBy(jobs, ({ text }) => text.match(MARK)?.[0] ?? '');
  const submissionsOf = groupBy(submissions, ({ scrapeId }) => scrapeId);

  const cases: Case[] = [];
  for (const { scrapes } of keeper.asked) {
    for (const asked of scrapes) {
      const own = (submissionsOf.get(asked.scrapeId) ?? []).toSorted((a, b) => a.n - b.n);
      const record = records.get(asked.scrapeId);
      const returned = await resultOf(world, asked);
      const bodies = new Map<string, string | undefined>();
      for (const { verdict } of own)
        if (verdict?.result) bodies.set(verdict.result.path, await readResult(storeFolder, verdict.result));
      cases.push({
        ...asked,
        submissions: own,
        jobs: (jobsOf.get(asked.mark) ?? []).toSorted((a, b) => a.createdAtMs - b.createdAtMs),
        bodies,
        ...(record && { record }),
        ...(returned && { returned }),
      });
    }
  }
  const markOfTask = new Map(jobs.map((job) => [job.id, job.text.match(MARK)?.[0] ?? '']));
  const faults: Fault[] = [
    ...book.faults,
    ...fallen.map(({ atMs, on, fault, prompts }) => ({
      atMs,
      kind: `${on}: ${fault}`,
      marks: prompts.flatMap((prompt) => prompt.match(MARK) ?? []),
    })),
  ].toSorted((a, b) => a.atMs - b.atMs);

  const violations: Violation[] = [];
  for (const one of cases) {
    for (const breach of judgeScrape(one, leaps)) {
      violations.push({
        ...breach,
        scrapeId: one.scrapeId,
        trace: await traceOf(world, one, faults, markOfTask),
      });
    }
  }
  const nobody = { journal: {}, record: {}, ledger: {}, faults: [], events: [] };
  for (const { ceiling, scrapes, input } of keeper.asked) {
    const own = scrapes.flatMap(({ mark }) => jobsOf.get(mark) ?? []);
    for (const breach of ceiling ? judgeCeiling(ceiling, own) : [])
      violations.push({ ...breach, scrapeId: `batch/${input.name}`, trace: { ...nobody, ledger: own } });
  }
  const marks = new Set(cases.map(({ mark }) => mark));
  for (const job of jobs.filter(({ text }) => !marks.has(text.match(MARK)?.[0] ?? '')))
    violations.push({
      rule: 'made up',
      text: `${job.id}: nobody asked for it`,
      scrapeId: '',
      trace: { ...nobody, ledger: job },
    });
  for (const [limit, times] of Object.entries(limitViolations))
    violations.push({
      rule: 'limit',
      text: `${times} calls beyond the limit of ${limit}`,
      scrapeId: '',
      trace: nobody,
    });
  if (foreignCollected > 0)
    violations.push({
      rule: 'limit',
      text: `${foreignCollected} tasks of others collected`,
      scrapeId: '',
      trace: nobody,
    });

  for (const text of audited?.wrong ?? [])
    violations.push({ rule: 'audit', text, scrapeId: '', trace: nobody });

  const outcomes: Record<string, number> = {};
  for (const { record } of cases) {
    const outcome = record?.outcome ?? 'none';
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return {
    seed: options.seed,
    options,
    settled,
    scrapes: cases.length,
    jobs: jobs.length,
    outcomes,
    terminated: cases
      .filter(({ record }) => record?.failure?.type === 'Terminated')
      .map(({ scrapeId }) => scrapeId),
    faults: countHits(
      faults,
      cases.flatMap(({ mark, submissions }) => risksOf(mark, submissions)),
      markOfTask,
    ),
    workers: { lives: fleet.lives, endedByThemselves: fleet.selfEnded },
    ...(audited && { audited }),
    violations,
  };
}

/** Undefined if the server knows nothing of it, or it ended without a result. */
async function resultOf({ server }: CampaignWorld, { scrapeId }: Asked): Promise<FiledRecord | undefined> {
  try {
    const handle = server.client.workflow.getHandle(scrapeId);
    const { status } = await handle.describe();
    return status.name === 'COMPLETED' ? ((await handle.result()) as FiledRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** As little as tells the story: what is written, what the provider has, what fell on it while it was at risk. */
async function traceOf(
  { server }: CampaignWorld,
  { mark, scrapeId, submissions, jobs, record }: Case,
  faults: readonly Fault[],
  markOfTask: ReadonlyMap<string, string>,
): Promise<Violation['trace']> {
  const from = Math.min(...submissions.map(({ begunAtMs }) => begunAtMs)) - 2_000;
  const to = Math.max(...submissions.map(({ endedAtMs }) => endedAtMs ?? Date.now())) + 2_000;
  const events = await server.client.workflow
    .getHandle(scrapeId)
    .fetchHistory()
    .then(({ events: all }) =>
      (all ?? []).map((event) => Object.keys(event).find((key) => key.endsWith('Attributes')) ?? ''),
    )
    .catch((error: unknown) => [String(error)]);
  return {
    journal: Object.fromEntries(submissions.map(({ n, entries }) => [n, entries])),
    record,
    ledger: jobs.map(({ ledger }) => ledger),
    faults: faults.filter(
      (fault) => fault.atMs >= from && fault.atMs <= to && concerns(fault, mark, markOfTask),
    ),
    events,
  };
}

function groupBy<T>(list: readonly T[], of: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(of(item));
    if (group) group.push(item);
    else groups.set(of(item), [item]);
  }
  return groups;
}
