import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

// What the checker believes, read without a line of the product's code: files as they lie there, and the simulators' books.

/** One submission as its folder in the journal holds it (docs/decisions/0010-file-store.md). */
export interface FiledSubmission {
  scrapeId: string;
  n: number;
  tag: string;
  /** Of the first try that may have been sent. */
  begunAtMs: number;
  endedAtMs: number | undefined;
  /** The last try was withdrawn or refused, or there is none: it bought nothing. */
  boughtNothing: boolean;
  /** `listedAtEnd`: its price is that of a list that was read after the task's end, less what had come back by then. */
  receipt?: { taskId: string; listedAtEnd?: boolean; variants?: string[] };
  unknown?: { absent: boolean; atMs: number };
  verdict?: { outcome: string; atMs: number; result?: StoredResult };
  /** The most that it can cost. */
  bound: Money;
  /** The retry that asked for it, if one did. */
  retry?: number;
  duplicates: string[];
  /** Every entry by its file's name, for traces. */
  entries: Record<string, unknown>;
}

export interface StoredBody {
  path: string;
  sha256: string;
}
interface StoredResult extends StoredBody {
  variants?: Array<StoredBody & { variant: string }>;
}

/** A record as its file holds it. */
export interface FiledRecord {
  scrapeId: string;
  outcome: string;
  submissions: number;
  charge: Money;
  possiblySpent: Money;
  refundExpected: Money;
  failure?: { type: string; message: string };
}
/** The record of a batch as its file holds it. */
export interface FiledBatch {
  total: number;
  /** By outcome, `open` among them. */
  counts: Record<string, number>;
  charge: Money;
  possiblySpent: Money;
  refundExpected: Money;
}

export interface Money {
  credits?: number;
  usdMicros?: number;
}

/** Something that a provider made and charged, of either of them. */
export interface Job {
  provider: 'scrapellm' | 'dataforseo';
  id: string;
  text: string;
  tag?: string;
  /** `pending`, `done` or `failed`. */
  outcome: string;
  /** Provider's clock. */
  createdAtMs: number;
  charged: Money;
  /** Given back by now. */
  refunded: Money;
  /** Due, and never given back. */
  withheld: Money;
  /** As the ledger has it, for traces. */
  ledger: unknown;
}

export async function readJournal(store: string): Promise<FiledSubmission[]> {
  const submissions: FiledSubmission[] = [];
  for (const shard of await list(join(store, 'journal'))) {
    for (const tag of await list(join(store, 'journal', shard))) {
      const submission = await readSubmission(join(store, 'journal', shard, tag), tag);
      if (submission) submissions.push(submission);
    }
  }
  return submissions;
}

interface Entry {
  scrapeId: string;
  n: number;
  createdAt: string;
  at: string;
  withdrawn?: boolean;
  taskId: string;
  absent?: boolean;
  outcome: string;
  result?: StoredResult;
  bound: Money;
  retry?: number;
  variants?: string[];
}

async function readSubmission(folder: string, tag: string): Promise<FiledSubmission | undefined> {
  const entries: Record<string, Entry> = {};
  for (const name of (await list(folder)).sort()) entries[name] = await readJson<Entry>(join(folder, name));
  const tries = Object.keys(entries).filter((name) => name.endsWith('-intent.json'));
  const last = entries[tries.at(-1) ?? ''];
  if (!last) return undefined;
  const sent = tries.flatMap((name) => (entries[name]?.withdrawn ? [] : [entries[name]]));
  const refused = entries[(tries.at(-1) ?? '').replace('intent', 'refused')];
  const { 'receipt.json': receipt, 'unknown.json': unknown, 'verdict.json': verdict } = entries;
  const end = verdict?.at ?? (receipt ? undefined : (unknown?.at ?? refused?.at));
  return {
    scrapeId: last.scrapeId,
    n: last.n,
    tag,
    begunAtMs: Date.parse((sent[0] ?? last).createdAt),
    endedAtMs: end === undefined ? undefined : Date.parse(end),
    boughtNothing: !receipt && (last.withdrawn === true || refused !== undefined),
    ...(receipt && { receipt }),
    ...(unknown && { unknown: { absent: unknown.absent === true, atMs: Date.parse(unknown.at) } }),
    ...(verdict && {
      verdict: {
        outcome: verdict.outcome,
        atMs: Date.parse(verdict.at),
        ...(verdict.result && { result: verdict.result }),
      },
    }),
    bound: last.bound,
    ...(last.retry !== undefined && { retry: last.retry }),
    duplicates: Object.entries(entries).flatMap(([name, { taskId }]) =>
      name.startsWith('duplicate-') ? [taskId] : [],
    ),
    entries,
  };
}

export async function readRecords(store: string): Promise<FiledRecord[]> {
  const records: FiledRecord[] = [];
  for (const shard of await list(join(store, 'records'))) {
    for (const name of await list(join(store, 'records', shard))) {
      records.push(await readJson<FiledRecord>(join(store, 'records', shard, name)));
    }
  }
  return records;
}

/** Undefined if it has none: it was never brought to an end. */
export function readBatch(store: string, name: string): Promise<FiledBatch | undefined> {
  return readJson<FiledBatch>(join(store, 'batches', name, 'record.json')).catch(() => undefined);
}

/** What the last lines of an account's log say was reserved, charged or possibly spent, over all months. */
export async function readCapLog(store: string, provider: string, account: string): Promise<Money> {
  const logged = { credits: 0, usdMicros: 0 };
  const folder = join(store, 'caps', provider, account);
  for (const month of await list(folder)) {
    const last = (await list(join(folder, month))).sort().at(-1);
    if (last === undefined) continue;
    const { totals } = await readJson<{ totals: { month: Record<string, Money> } }>(
      join(folder, month, last),
    );
    for (const sum of ['reserved', 'charged', 'possiblySpent']) {
      logged.credits += totals.month[sum]?.credits ?? 0;
      logged.usdMicros += totals.month[sum]?.usdMicros ?? 0;
    }
  }
  return logged;
}

/** The stored body if it is what its hash says; undefined if it is not there or damaged. */
export async function readResult(store: string, { path, sha256 }: StoredBody): Promise<string | undefined> {
  const file = await readFile(join(store, path)).catch(() => undefined);
  const body = file && (await promisify(gunzip)(file).catch(() => undefined));
  if (!body || createHash('sha256').update(body).digest('hex') !== sha256) return undefined;
  return body.toString();
}

interface Ledgers {
  jobs: Array<{
    jobId: string;
    prompt: string;
    outcome: string;
    createdAt: string;
    charged: number;
    refunded: number;
  }>;
  dataforseo: {
    tasks: Array<{
      id: string;
      keyword: string;
      tag: string;
      code: number;
      chargedMicros: number;
      refundedMicros: number;
      refundWithheldMicros: number;
      postedAt: string;
      readyAt: string | null;
    }>;
    totals: { foreignCollected: number };
  };
}

/** Everything that both providers made, and how often somebody else's task was collected. */
export async function readLedgers(url: string): Promise<{ jobs: Job[]; foreignCollected: number }> {
  const { jobs, dataforseo } = await getJson<Ledgers>(`${url}/__sim/ledger`);
  return {
    jobs: [
      ...jobs.map((job): Job => ({
        provider: 'scrapellm',
        id: job.jobId,
        text: job.prompt,
        outcome: job.outcome,
        createdAtMs: Date.parse(job.createdAt),
        charged: { credits: job.charged },
        refunded: { credits: job.refunded },
        // "Automatically restored", whenever that is.
        withheld: { credits: job.outcome === 'failed' ? job.charged - job.refunded : 0 },
        ledger: job,
      })),
      ...dataforseo.tasks.map((task): Job => ({
        provider: 'dataforseo',
        id: task.id,
        text: task.keyword,
        tag: task.tag,
        // 40102 is an answer: there were no results.
        outcome: task.readyAt === null ? 'pending' : [20_000, 40_102].includes(task.code) ? 'done' : 'failed',
        createdAtMs: Date.parse(task.postedAt),
        charged: { usdMicros: task.chargedMicros },
        refunded: { usdMicros: task.refundedMicros },
        withheld: { usdMicros: task.refundWithheldMicros },
        ledger: task,
      })),
    ],
    foreignCollected: dataforseo.totals.foreignCollected,
  };
}

/** What everybody who collects this job is told as its result; undefined if there is none. */
export async function readDelivered(url: string, id: string, variant: string): Promise<unknown> {
  const answer = await fetch(`${url}/__sim/results/${id}?variant=${variant}`);
  if (answer.status === 404) return undefined;
  return ((await answer.json()) as { result: unknown }).result; // control-routes.ts
}

/** Calls beyond a limit, by kind; the most purchases at ScrapeLLM in any minute; and which faults fell. */
export async function readTraffic(url: string): Promise<{
  limitViolations: Record<string, number>;
  submitsPerMinute: number;
  faults: Array<{ atMs: number; on: string; fault: string; prompts: string[] }>;
}> {
  const { submitsPerMinutePeak, dataforseo } = await getJson<{
    submitsPerMinutePeak: number;
    dataforseo: { limitViolations: Record<string, number> };
  }>(`${url}/__sim/state`);
  const { faults } = await getJson<{
    faults: Array<{ atMs: number; on: string; fault: string; prompts: string[] }>;
  }>(`${url}/__sim/faults`);
  return { limitViolations: dataforseo.limitViolations, submitsPerMinute: submitsPerMinutePeak, faults };
}

async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T; // read by its own tests; a field that is missing fails a rule
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T; // the same
}

/** Empty if it is not there. */
function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
