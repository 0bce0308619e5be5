import { createHash } from 'node:crypto';
import type { HttpReply, ProviderAccount, SearchAnswer, SearchRow } from '../provider.ts';
import { readFree } from './trouble.ts';
import { formatTime, isObject, isTaskId, objectsOf, parseTime, textOf, toMicros } from './wire.ts';

/** Rows of one call. Offsets are not used: rows that come in between would shift them. */
export const MAX_ROWS = 1_000;

/** "1 month with metadata"; a month has 28 days at least. */
export const REACH_MS = 28 * 24 * 60 * 60 * 1000;

/** The body of an `id_list` call. Both ends are cut to whole seconds and are at least one apart. */
export function searchBody({ fromMs, toMs }: { fromMs: number; toMs: number }): string {
  const from = Math.floor(fromMs / 1000) * 1000;
  const to = Math.max(Math.floor(toMs / 1000) * 1000, from + 1000);
  return JSON.stringify([
    {
      datetime_from: formatTime(from),
      datetime_to: formatTime(to),
      limit: MAX_ROWS,
      offset: 0,
      sort: 'asc',
      include_metadata: true,
    },
  ]);
}

/** Whose list it is: a key can be exchanged for that of another login under the same account name. No login is in it. */
export function ownerOf({ secret }: ProviderAccount): string {
  const login = secret.slice(0, Math.max(0, secret.indexOf(':')));
  return createHash('sha256').update(`dataforseo ${login}`).digest('hex').slice(0, 16);
}

/** Reads a list of purchases, finished or not. */
export function readSearch(reply: HttpReply): SearchAnswer {
  const free = readFree(reply);
  if (free.kind !== 'ok') return free;
  const { result = null, result_count: said = 0 } = free.task;
  // An empty list is documented as null; anything else may hold purchases that we cannot see.
  if (result !== null && !Array.isArray(result)) {
    return { kind: 'unavailable', message: 'DataForSEO’s list of purchases is no list' };
  }
  const rows = result?.length ?? 0;
  // A list cut off below what a call can show is not whole, and is not made so by smaller windows.
  const shown = rows >= MAX_ROWS ? rows : Math.max(rows, Math.min(said, MAX_ROWS - 1));
  return { kind: 'rows', rows: objectsOf(result).flatMap(toRow), shown };
}

function toRow({ id, datetime_posted, datetime_done, cost, metadata }: Record<string, unknown>): SearchRow[] {
  const taskId = textOf(id);
  const postedAt = parseTime(datetime_posted);
  if (!isTaskId(taskId) || postedAt === undefined) return [];
  const tag = isObject(metadata) ? textOf(metadata['tag']) : undefined;
  const micros = toMicros(cost);
  return [
    {
      taskId,
      ...(tag !== undefined && { tag }),
      postedAt: new Date(postedAt).toISOString(),
      charge: micros ? { usdMicros: micros } : {},
      ...(parseTime(datetime_done) !== undefined && { ended: true as const }),
    },
  ];
}
