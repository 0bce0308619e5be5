import type { RefusalReason } from '../../contracts/journal.ts';

/** What a status code means to us, by where it is met. */
export interface CodeRow {
  means: string;
  /** Of one task in the answer to a purchase: whether it proves that this task was not bought. */
  task: 'accepted' | RefusalReason | 'unknown';
  /** Of the whole call, with no task in the answer: whether it proves that nothing was bought. */
  root: RefusalReason | 'unknown';
  /** Of a task that is looked at. */
  check: 'ready' | 'pending' | 'empty' | 'failed' | 'missing' | 'unavailable';
  /** What is wrong with the account or the pace of calls, where that is what it says. */
  trouble?: RefusalReason;
}

/**
 * Every code that could be read; docs.dataforseo.com/v3/appendix/errors. What proves nothing is `unknown`: a purchase is
 * looked up before it is repeated. On a look everything that is not clearly about the task is `unavailable`: it stays
 * paid and is looked at again.
 */
export const CODES: Readonly<Record<number, CodeRow>> = {
  20000: { means: 'ok', task: 'unknown', root: 'unknown', check: 'ready' },
  // On a look the vendor's own n8n node reads it as "not yet".
  20100: { means: 'task created', task: 'accepted', root: 'unknown', check: 'pending' },

  // One task at a time: of live calls only, where the first task runs.
  40000: row('one task at a time', 'unknown', 'unknown'),
  40001: collect('the task belongs to another client', 'blocked'),
  40002: collect('the task belongs to another search engine', 'blocked'),
  40003: collect('the task belongs to another search type', 'blocked'),
  40004: collect('the task belongs to another function', 'blocked'),
  40005: collect('the task belongs to another device', 'blocked'),
  // Only the surplus is rejected, and it fits into the next call.
  40006: row('more than 100 tasks in a call', 'busy', 'unknown'),

  // Of one task it is reported together with "Task In Queue": no proof, and no reason to stop the account.
  40100: { ...row('not authorized', 'unknown', 'auth'), trouble: 'auth' },
  40101: { means: 'the search engine failed, also after the vendor’s own tries', ...ended('failed') },
  40102: { means: 'no search results', ...ended('empty') },
  40103: { means: 'the task failed and has to be posted again', ...ended('failed') },

  40200: account('payment required', 'no-funds'),
  40201: account('the account is blocked', 'blocked'),
  40202: account('too many calls in this minute', 'rate-limited'),
  40203: account('the daily cost limit of the account is reached (until 00:00 UTC)', 'blocked'),
  40204: account('no subscription for this API', 'blocked'),
  // Switched on by the account's owner; samples of one prompt run into it. Nothing is wrong with the account.
  40205: row('the account’s limit of equal tasks an hour is reached', 'rejected', 'rejected'),
  40206: row('the account’s limit of equal tasks a day is reached', 'rejected', 'rejected'),
  40207: account('this IP address is not on the account’s list', 'blocked'),
  40208: account('the account is refused without a documented reason', 'blocked'),
  40209: account('too many calls at once', 'rate-limited'),
  40210: account('insufficient funds', 'no-funds'),

  40400: { ...row('no such address', 'rejected', 'rejected'), check: 'missing' },
  40401: { ...row('no such task', 'unknown', 'unknown'), check: 'missing' },
  40402: row('invalid path', 'rejected', 'rejected'),
  40403: { ...row('the result has expired', 'unknown', 'unknown'), check: 'missing' },
  40404: row('no prepared data', 'unknown', 'unknown'),
  40405: row('not found', 'unknown', 'unknown'),
  40406: row('not found', 'unknown', 'unknown'),
  40407: row('not found', 'unknown', 'unknown'),
  40408: row('not found', 'unknown', 'unknown'),

  // "A rejected task is not processed further" (help center, best practices for SERP API payloads).
  40501: row('invalid field', 'rejected', 'rejected'),
  40502: row('empty request', 'rejected', 'rejected'),
  40503: row('invalid request', 'rejected', 'rejected'),
  40504: row('too many intersections', 'rejected', 'rejected'),
  40505: row('the data is too old', 'rejected', 'rejected'),
  40506: row('unknown fields', 'rejected', 'rejected'),

  40601: { ...row('handed over', 'unknown', 'unknown'), check: 'pending' },
  40602: { ...row('in the queue', 'unknown', 'unknown'), check: 'pending' },

  50000: row('internal error', 'unknown', 'unknown'),
  50001: row('error checking the balance', 'unknown', 'unknown'),
  50100: row('not implemented', 'unknown', 'unknown'),
  50301: row('the search engine cannot be reached', 'unknown', 'unknown'),
  50303: row('update in progress', 'unknown', 'unknown'),
  50304: row('temporarily unavailable', 'unknown', 'unknown'),
  50401: row('internal timeout', 'unknown', 'unknown'),
  50402: row('the page took too long', 'unknown', 'unknown'),
};

/** Nothing is known of this code: it proves nothing. */
const UNKNOWN_CODE = row('an undocumented code', 'unknown', 'unknown');

export function codeRow(code: number): CodeRow {
  return CODES[code] ?? UNKNOWN_CODE;
}

/**
 * What a look will hardly be told otherwise a minute later: that it is about the wrong task or at the wrong address, and codes
 * that nobody has documented. What says that something is down, slow or wrong with the account passes.
 */
export function isLasting(code: number): boolean {
  return !(code in CODES) || LASTING.has(code);
}

// oxfmt-ignore
const LASTING: ReadonlySet<number> = new Set([
  40000, 40001, 40002, 40003, 40004, 40005, 40006, 40205, 40206,
  40402, 40404, 40405, 40406, 40407, 40408,
  40501, 40502, 40503, 40504, 40505, 40506, 50100,
]);

function row(means: string, task: CodeRow['task'], root: CodeRow['root']): CodeRow {
  return { means, task, root, check: 'unavailable' };
}

/** Says something of the account, whatever the call was. */
function account(means: string, trouble: RefusalReason): CodeRow {
  return { ...row(means, trouble, trouble), trouble };
}

/** Says that a task is asked for with the wrong account or at the wrong address; nobody has bought by that. */
function collect(means: string, trouble: RefusalReason): CodeRow {
  return { ...row(means, 'unknown', 'unknown'), trouble };
}

function ended(check: CodeRow['check']): Omit<CodeRow, 'means'> {
  return { task: 'unknown', root: 'unknown', check };
}
