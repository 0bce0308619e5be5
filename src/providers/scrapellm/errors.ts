import type { RefusalReason } from '../../contracts/journal.ts';
import { hideTokens } from '../hide-tokens.ts';
import type { HttpReply, SubmitAnswer } from '../provider.ts';
import { parseJson } from '../parse-json.ts';
import { retryAfterMs } from '../retry-after.ts';
import { errorSchema } from './wire.ts';

interface RefusalRow {
  status: number;
  /** What the text of `detail` must say for this row. */
  says?: RegExp;
  reason: RefusalReason;
  /** Servers in front answer these with a page of their own, before any code that could buy has run. */
  anyBody?: true;
}

/**
 * Every answer that proves that nothing was bought; the first row that fits counts. All need ScrapeLLM's own body, an
 * object with `detail`: a bare 4xx from something in between proves nothing.
 * Source: docs.scrapellm.com/guides/error-handling. Three different conditions share 429.
 */
const REFUSALS: readonly RefusalRow[] = [
  { status: 400, reason: 'rejected' },
  { status: 401, says: /credit/i, reason: 'no-funds' },
  { status: 401, reason: 'auth' },
  { status: 402, reason: 'no-funds' },
  { status: 403, says: /key|authenticat/i, reason: 'auth' },
  { status: 403, reason: 'blocked' },
  { status: 404, reason: 'rejected' },
  { status: 405, reason: 'rejected' },
  { status: 413, reason: 'rejected', anyBody: true },
  { status: 414, reason: 'rejected', anyBody: true },
  { status: 422, reason: 'rejected' },
  { status: 429, says: /^\s*rate limit exceeded/i, reason: 'rate-limited' },
  { status: 429, says: /credit/i, reason: 'no-funds' },
  { status: 429, says: /queue|busy|capacity|load/i, reason: 'busy' },
  { status: 429, reason: 'rate-limited' },
  { status: 431, reason: 'rejected', anyBody: true },
  { status: 503, reason: 'busy' },
];

/** Reads an answer to a submit that is not 2xx: refused if the table has it, else nobody knows. */
export function readRefusal(reply: HttpReply): SubmitAnswer {
  const detail = detailOf(reply);
  const row = REFUSALS.find(
    ({ status, says, anyBody }) =>
      status === reply.status && (anyBody || detail !== undefined) && (!says || says.test(detail ?? '')),
  );
  if (!row) {
    return { kind: 'unknown', message: `${sayStatus(reply)}, which does not prove that no job was made` };
  }
  const tooLong = row.anyBody ? ' (the prompt is too long for this provider)' : '';
  const refused = { kind: 'refused', reason: row.reason, message: `${sayStatus(reply)}${tooLong}` } as const;
  const wait = retryAfterMs(reply);
  return wait === undefined ? refused : { ...refused, retryAfterMs: wait };
}

/** "ScrapeLLM answered 429: Rate limit exceeded", with what may be a key or a job id taken out. */
export function sayStatus(reply: HttpReply): string {
  const detail = detailOf(reply);
  return `ScrapeLLM answered ${reply.status}${detail ? `: ${sayDetail(detail)}` : ''}`;
}

/** A provider's text for people: one line, at most 300 characters, no secrets. */
export function sayDetail(detail: string): string {
  return hideTokens(detail.slice(0, 1_000)).replace(/\s+/g, ' ').trim().slice(0, 300);
}

/** The text of `detail`, or undefined if the body is not ScrapeLLM's. */
function detailOf(reply: HttpReply): string | undefined {
  const body = errorSchema.safeParse(parseJson(reply.body));
  if (!body.success) return undefined;
  const { detail } = body.data;
  return typeof detail === 'string' ? detail : detail.map(sayItem).join('; ');
}

/** One validation error: where and what. Its `input` would repeat the prompt. */
function sayItem(item: unknown): string {
  if (typeof item === 'string') return item;
  if (typeof item !== 'object' || item === null) return 'invalid';
  const where = 'loc' in item && Array.isArray(item.loc) ? item.loc.slice(1).join('.') : '';
  const what = 'msg' in item && typeof item.msg === 'string' ? item.msg : 'invalid';
  return where ? `${where}: ${what}` : what;
}
