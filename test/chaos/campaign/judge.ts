import type { Audited } from './audited.ts';
import { PROVIDERS } from '../../../src/contracts/scrapers.ts';
import { SIMULATOR_LOGIN } from '../../../src/contracts/simulator-credentials.ts';
import { DAY_CAP, SUBMITS_PER_SECOND } from './campaign-world.ts';
import type { CampaignWorld } from './campaign-world.ts';
import { judgeBatch } from './batch-rules.ts';
import { groupByMark, readCases } from './cases.ts';
import { readBatch, readCapLog, readLedgers, readTraffic } from './evidence.ts';
import type { FiledRecord } from './evidence.ts';
import type { Fault } from './fault-book.ts';
import { concerns, countHits, risksOf } from './hits.ts';
import type { FaultCount } from './hits.ts';
import { MARK } from './questions.ts';
import type { AskedBatch } from './questions.ts';
import { judgeCap, judgeCeiling, judgePace } from './money-rules.ts';
import { judgeScrape } from './rules.ts';
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
  /** Scrapes by the outcome in the record that their workflow ended with, as far as the server knows it; not in old reports. */
  returned?: Record<string, number>;
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
  const { jobs, foreignCollected } = await readLedgers(simulatorUrl);
  const { limitViolations, submitsPerMinute, faults: fallen } = await readTraffic(simulatorUrl);
  const jobsOf = groupByMark(jobs);
  const markOfTask = new Map(jobs.map((job) => [job.id, job.text.match(MARK)?.[0] ?? '']));
  const faults: Fault[] = [
    ...book.faults,
    ...fallen.map(({ atMs, on, fault, prompts }) => ({
      atMs,
      kind: `${on}: ${fault}`,
      // Of a read that names no task: a list, or a search.
      ...(on === 'read' && prompts.length === 0 && ({ provider: 'dataforseo' } as const)),
      marks: prompts.flatMap((prompt) => prompt.match(MARK) ?? []),
    })),
  ].toSorted((a, b) => a.atMs - b.atMs);

  const cases: Case[] = [];
  const violations: Violation[] = [];
  for await (const one of readCases(world, storeFolder, jobs)) {
    for (const breach of judgeScrape(one, leaps)) {
      const trace = await traceOf(world, one, faults, markOfTask);
      violations.push({ ...breach, scrapeId: one.scrapeId, trace });
    }
    cases.push({ ...one, bodies: new Map(), delivered: new Map() });
  }
  const nobody = { journal: {}, record: {}, ledger: {}, faults: [], events: [] };
  const aside = startedPastTheirBatch(world);
  const records = new Map(cases.map(({ scrapeId, record }) => [scrapeId, record]));
  for (const batch of keeper.asked) {
    const { ceiling, scrapes, input } = batch;
    const own = scrapes.flatMap(({ mark }) => jobsOf.get(mark) ?? []);
    const record = await readBatch(storeFolder, input.name);
    const breaches = [
      ...(ceiling ? judgeCeiling(ceiling, own) : []),
      ...(record ? judgeBatch(record, recordsOf(batch, records), aside) : []),
      ...(!record && settled ? [{ rule: 'no outcome', text: 'the batch has no record' }] : []),
    ];
    for (const breach of breaches) {
      const trace = { ...nobody, record, ledger: own };
      violations.push({ ...breach, scrapeId: `batch/${input.name}`, trace });
    }
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
  for (const provider of options.also === undefined ? PROVIDERS : []) {
    const logged = await readCapLog(storeFolder, provider, SIMULATOR_LOGIN);
    const own = jobs.filter((job) => job.provider === provider);
    for (const breach of judgeCap(DAY_CAP, logged, own))
      violations.push({ ...breach, scrapeId: provider, trace: nobody });
  }
  const pace = { rate: SUBMITS_PER_SECOND, starts: serverStarts(book.faults) };
  for (const breach of judgePace(submitsPerMinute, pace))
    violations.push({ ...breach, scrapeId: '', trace: nobody });
  if (foreignCollected > 0)
    violations.push({
      rule: 'limit',
      text: `${foreignCollected} tasks of others collected`,
      scrapeId: '',
      trace: nobody,
    });

  for (const text of audited?.wrong ?? [])
    violations.push({ rule: 'audit', text, scrapeId: '', trace: nobody });

  return {
    seed: options.seed,
    options,
    settled,
    scrapes: cases.length,
    jobs: jobs.length,
    outcomes: countOutcomes(cases.map(({ record }) => record)),
    returned: countOutcomes(cases.map(({ returned }) => returned)),
    terminated: cases
      .filter(({ record }) => record?.failure?.type === 'Terminated')
      .map(({ scrapeId }) => scrapeId),
    faults: countHits(
      faults,
      cases.flatMap((one) => risksOf(one, one.submissions)),
      markOfTask,
    ),
    workers: { lives: fleet.lives, endedByThemselves: fleet.selfEnded },
    ...(audited && { audited }),
    violations,
  };
}

/** Scrapes that somebody ended or started by themselves: their batches do not know how they went on. */
function startedPastTheirBatch({ book, keeper }: CampaignWorld): Set<string> {
  const marks = new Set(
    book.faults.flatMap(({ kind, marks: hit }) => (PAST_THE_BATCH.has(kind) ? (hit ?? []) : [])),
  );
  const scrapes = keeper.asked.flatMap((batch) => batch.scrapes);
  return new Set([
    ...keeper.startedAlone,
    ...scrapes.flatMap(({ mark, scrapeId }) => (marks.has(mark) ? [scrapeId] : [])),
  ]);
}

const PAST_THE_BATCH = new Set(['terminate of a scrape', 'reset of a scrape']);

function recordsOf(
  { scrapes }: AskedBatch,
  records: ReadonlyMap<string, FiledRecord | undefined>,
): FiledRecord[] {
  return scrapes.flatMap(({ scrapeId }) => records.get(scrapeId) ?? []);
}

/** Each begins to count the rate of a queue anew. */
function serverStarts(faults: readonly Fault[]): number {
  return faults.filter(({ kind }) => kind === 'kill -9 of the server' || kind === 'deletion of the database')
    .length;
}

function countOutcomes(records: ReadonlyArray<FiledRecord | undefined>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of records.map((record) => record ?? { outcome: 'none' }))
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** As little as tells the story: what is written, what the provider has, what fell on it while it was at risk. */
async function traceOf(
  { server }: CampaignWorld,
  one: Case,
  faults: readonly Fault[],
  markOfTask: ReadonlyMap<string, string>,
): Promise<Violation['trace']> {
  const { scrapeId, submissions, jobs, record } = one;
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
      (fault) => fault.atMs >= from && fault.atMs <= to && concerns(fault, one, markOfTask),
    ),
    events,
  };
}
