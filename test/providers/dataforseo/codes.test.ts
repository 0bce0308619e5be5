import { describe, expect, it } from 'vitest';
import { CODES } from '../../../src/providers/dataforseo/codes.ts';
import { check, collected, envelope, page, provider, reply, task } from './samples.ts';

/** What each documented code says of one task that is bought, of a whole purchase, and of a look. */
const TABLE: ReadonlyArray<[code: number, task: string, root: string, check: string]> = [
  [20000, 'unknown', 'unknown', 'ready'],
  [20100, 'accepted', 'unknown', 'pending'],
  [40000, 'unknown', 'unknown', 'unavailable'],
  [40001, 'unknown', 'unknown', 'unavailable blocked'],
  [40002, 'unknown', 'unknown', 'unavailable blocked'],
  [40003, 'unknown', 'unknown', 'unavailable blocked'],
  [40004, 'unknown', 'unknown', 'unavailable blocked'],
  [40005, 'unknown', 'unknown', 'unavailable blocked'],
  [40006, 'refused busy', 'unknown', 'unavailable'],
  [40100, 'unknown', 'refused auth', 'unavailable auth'],
  [40101, 'unknown', 'unknown', 'failed'],
  [40102, 'unknown', 'unknown', 'empty'],
  [40103, 'unknown', 'unknown', 'failed'],
  [40200, 'refused no-funds', 'refused no-funds', 'unavailable no-funds'],
  [40201, 'refused blocked', 'refused blocked', 'unavailable blocked'],
  [40202, 'refused rate-limited', 'refused rate-limited', 'unavailable rate-limited'],
  [40203, 'refused blocked', 'refused blocked', 'unavailable blocked'],
  [40204, 'refused blocked', 'refused blocked', 'unavailable blocked'],
  [40205, 'refused rejected', 'refused rejected', 'unavailable'],
  [40206, 'refused rejected', 'refused rejected', 'unavailable'],
  [40207, 'refused blocked', 'refused blocked', 'unavailable blocked'],
  [40208, 'refused blocked', 'refused blocked', 'unavailable blocked'],
  [40209, 'refused rate-limited', 'refused rate-limited', 'unavailable rate-limited'],
  [40210, 'refused no-funds', 'refused no-funds', 'unavailable no-funds'],
  [40400, 'refused rejected', 'refused rejected', 'missing'],
  [40401, 'unknown', 'unknown', 'missing'],
  [40402, 'refused rejected', 'refused rejected', 'unavailable'],
  [40403, 'unknown', 'unknown', 'missing'],
  [40404, 'unknown', 'unknown', 'unavailable'],
  [40405, 'unknown', 'unknown', 'unavailable'],
  [40406, 'unknown', 'unknown', 'unavailable'],
  [40407, 'unknown', 'unknown', 'unavailable'],
  [40408, 'unknown', 'unknown', 'unavailable'],
  [40501, 'refused rejected', 'refused rejected', 'unavailable'],
  [40502, 'refused rejected', 'refused rejected', 'unavailable'],
  [40503, 'refused rejected', 'refused rejected', 'unavailable'],
  [40504, 'refused rejected', 'refused rejected', 'unavailable'],
  [40505, 'refused rejected', 'refused rejected', 'unavailable'],
  [40506, 'refused rejected', 'refused rejected', 'unavailable'],
  [40601, 'unknown', 'unknown', 'pending'],
  [40602, 'unknown', 'unknown', 'pending'],
  [50000, 'unknown', 'unknown', 'unavailable'],
  [50001, 'unknown', 'unknown', 'unavailable'],
  [50100, 'unknown', 'unknown', 'unavailable'],
  [50301, 'unknown', 'unknown', 'unavailable'],
  [50303, 'unknown', 'unknown', 'unavailable'],
  [50304, 'unknown', 'unknown', 'unavailable'],
  [50401, 'unknown', 'unknown', 'unavailable'],
  [50402, 'unknown', 'unknown', 'unavailable'],
  // Not documented: nothing follows from them.
  [20500, 'unknown', 'unknown', 'unavailable'],
  [40599, 'unknown', 'unknown', 'unavailable'],
  [60000, 'unknown', 'unknown', 'unavailable'],
];

const DONE = [{ items: [{ type: 'organic', url: 'https://a.example' }] }];

describe('a status code', () => {
  it('is in this table if it is in the code’s', () => {
    const listed = TABLE.map(([code]) => String(code));
    expect(Object.keys(CODES).filter((code) => !listed.includes(code))).toEqual([]);
  });

  it.each(TABLE)('%d of one task in a purchase means %s', (code, expected) => {
    const body = envelope([task({ tag: 'a', status_code: code, cost: code === 20100 ? 0.0006 : 0 })]);
    expect(said(provider.pages?.readSubmit(reply(body), page('a'))[0])).toBe(expected);
  });

  it.each(TABLE)('%d of a whole purchase means, after %s, %s', (code, _task, expected) => {
    expect(said(provider.pages?.readSubmit(reply(envelope(null, code)), page('a'))[0])).toBe(expected);
  });

  it.each(TABLE)('%d of a task that is looked at means (%s, %s) %s', (code, _task, _root, expected) => {
    const ended = code === 20000 ? DONE : null;
    const answer = check(collected(ended, { status_code: code }));
    const empty = answer.kind === 'ready' && answer.empty;
    expect(empty ? 'empty' : said(answer)).toBe(expected);
  });
});

function said(answer: { kind: string; reason?: string } | undefined): string {
  return [answer?.kind, answer?.reason].filter(Boolean).join(' ');
}
