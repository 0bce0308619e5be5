import { describe, expect, it } from 'vitest';
import type { Scraper } from '../../../src/contracts/scrapers.ts';
import { objectsOf } from '../../../src/providers/dataforseo/wire.ts';
import type { Postback } from '../../../src/providers/webhook-protocol.ts';
import { account, bytes, collected, envelope, fixture, provider, reply, task, TASK_ID } from './samples.ts';

const lists = provider.readyLists;
const search = provider.search;

describe('lists of finished tasks', () => {
  it.each<[string, Scraper[], string[]]>([
    ['one family', ['dataforseo/google-images'], ['serp/google/images']],
    [
      'two scrapers of one family',
      ['dataforseo/google-organic', 'dataforseo/google-ai-overview'],
      ['serp/google/organic'],
    ],
    ['one search engine', ['dataforseo/google-images', 'dataforseo/google-news'], ['serp/google']],
    ['several search engines', ['dataforseo/google-images', 'dataforseo/bing-organic'], ['serp']],
    [
      'both assistants and a page',
      ['dataforseo/gemini', 'dataforseo/bing-organic', 'dataforseo/chatgpt'],
      ['serp/bing/organic', 'ai_optimization/gemini/llm_scraper', 'ai_optimization/chat_gpt/llm_scraper'],
    ],
    ['nothing', [], []],
  ])('of %s are the fewest that show all', (_what, scrapers, ids) => {
    expect(lists?.listsFor(scrapers).map(({ id }) => id)).toEqual(ids);
  });

  it('are the smallest where a wide one is full of others’ tasks', () => {
    const wanted: Scraper[] = ['dataforseo/google-images', 'dataforseo/bing-organic', 'dataforseo/gemini'];
    expect(lists?.listsFor(wanted, true)).toEqual([
      { id: 'serp/google/images', family: 'serp', scrapers: ['dataforseo/google-images'] },
      { id: 'serp/bing/organic', family: 'serp', scrapers: ['dataforseo/bing-organic'] },
      {
        id: 'ai_optimization/gemini/llm_scraper',
        family: 'ai_optimization',
        scrapers: ['dataforseo/gemini'],
      },
    ]);
  });

  it('are asked for at their own address', () => {
    const [list] = lists?.listsFor(['dataforseo/google-images', 'dataforseo/bing-organic']) ?? [];
    expect(list && lists?.listRequest(list, account)).toMatchObject({
      method: 'GET',
      url: 'https://api.dataforseo.com/v3/serp/tasks_ready',
    });
  });

  it('in the shape of the vendor’s sample for Gemini: one task, without a tag', () => {
    expect(lists?.readList(reply(fixture('ready-gemini')))).toEqual({
      kind: 'listed',
      tasks: [{ taskId: TASK_ID, tag: '', postedAt: '2026-11-20T09:12:04.000Z' }],
      full: false,
    });
  });

  it.each([
    ['ready-gemini', ['id', 'se', 'function', 'date_posted', 'tag', 'endpoint_advanced', 'endpoint_html']],
    [
      'ready-images',
      ['id', 'se', 'se_type', 'date_posted', 'tag', 'endpoint_regular', 'endpoint_advanced', 'endpoint_html'],
    ],
  ])('of %s have the fields of the sample on the vendor’s page, each a text', (name, fields) => {
    const rows = objectsOf(objectsOf(fixture(name)['tasks'])[0]?.['result']);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(fields);
      expect(Object.values(row).every((value) => typeof value === 'string')).toBe(true);
    }
  });

  it('in the shape of the vendor’s sample for images: two tasks by their ids, whatever the addresses in it say', () => {
    expect(lists?.readList(reply(fixture('ready-images')))).toEqual({
      kind: 'listed',
      tasks: [
        { taskId: '11081554-0101-0066-0000-27e68ec15a01', tag: 'tag1', postedAt: '2026-11-08T13:54:43.000Z' },
        { taskId: '11151406-0101-0066-0000-c4ece317cd02', tag: 'tag2', postedAt: '2026-11-15T12:06:09.000Z' },
      ],
      full: false,
    });
  });

  it.each([[null], [[]], [undefined]])('may be empty: %j', (result) => {
    expect(lists?.readList(reply(collected(result)))).toEqual({ kind: 'listed', tasks: [], full: false });
  });

  it('say when there may be more, and leave out what they cannot read', () => {
    const rows: unknown[] = Array.from({ length: 998 }, () => ({ id: TASK_ID, tag: 't' }));
    const answer = lists?.readList(reply(collected([...rows, null, { id: 'odd' }])));
    expect(answer).toMatchObject({ kind: 'listed', full: true });
    expect(answer?.kind === 'listed' && answer.tasks.length).toBe(998);
  });

  it.each([
    [envelope(null, 40202), 200, 'rate-limited'],
    [envelope([task({ status_code: 40201 })]), 200, 'blocked'],
    [envelope([]), 200, undefined],
    ['<html>', 502, undefined],
    ['', 401, 'auth'],
  ])('that fail say why: %j (%d)', (body, status, reason) => {
    const answer = lists?.readList(reply(body, status));
    expect(answer?.kind).toBe('unavailable');
    expect(answer && 'reason' in answer ? answer.reason : undefined).toBe(reason);
  });

  it('are asked less often than the vendor allows', () => {
    expect(lists?.callsPerMinute).toBeLessThan(20);
    expect(search?.callsPerMinute).toBeLessThan(10);
  });
});

describe('the search for purchases', () => {
  it('asks one API for a window in whole seconds, with the marks', () => {
    const window = {
      fromMs: Date.UTC(2026, 10, 20, 8, 0, 0, 900),
      toMs: Date.UTC(2026, 10, 20, 9, 0, 0, 900),
    };
    expect(search?.searchRequest(search.familyOf('dataforseo/gemini'), window, account)).toMatchObject({
      method: 'POST',
      url: 'https://api.dataforseo.com/v3/ai_optimization/id_list',
      body: JSON.stringify([
        {
          datetime_from: '2026-11-20 08:00:00 +00:00',
          datetime_to: '2026-11-20 09:00:00 +00:00',
          limit: 1_000,
          offset: 0,
          sort: 'asc',
          include_metadata: true,
        },
      ]),
    });
  });

  it('never asks for an empty window, which the vendor refuses', () => {
    const built = search?.searchRequest('serp', { fromMs: 1_000_100, toMs: 1_000_900 }, account);
    expect(built?.body).toContain(
      '"datetime_from":"1970-01-01 00:16:40 +00:00","datetime_to":"1970-01-01 00:16:41',
    );
    expect(built?.url).toBe('https://api.dataforseo.com/v3/serp/id_list');
  });

  it('reads finished and unfinished tasks, and counts rows that it cannot read', () => {
    expect(search?.readSearch(reply(fixture('id-list')))).toEqual({
      kind: 'rows',
      rows: [
        {
          taskId: '11200812-9001-0066-0000-0a4be2c9d113',
          tag: 'wf-7-a1',
          postedAt: '2026-11-20T08:12:03.000Z',
          charge: { usdMicros: 600 },
          priced: true,
          ended: true,
        },
        {
          taskId: '11200813-9001-0066-0000-0a4be2c9d114',
          postedAt: '2026-11-20T08:13:03.000Z',
          charge: { usdMicros: 450 },
          priced: true,
          ended: false,
        },
      ],
      shown: 3,
    });
  });

  it('does not take a list for whole that says to hold more than it shows', () => {
    const cut = { ...collected([]), tasks: [{ ...task(), status_code: 20000, result: [], result_count: 7 }] };
    expect(search?.readSearch(reply(cut))).toEqual({ kind: 'rows', rows: [], shown: 7 });
    // Smaller windows would show no more of it: it is incomplete, and not full.
    const many = { ...cut, tasks: [{ ...task(), status_code: 20000, result: [], result_count: 5_000 }] };
    expect(search?.readSearch(reply(many))).toMatchObject({ shown: 999 });
  });

  it.each([[{ items: [] }], ['none'], [0], [false]])('takes %j for no list of purchases', (result) => {
    const body = { ...collected([]), tasks: [{ ...task(), status_code: 20000, result }] };
    expect(search?.readSearch(reply(body)).kind).toBe('unavailable');
  });

  it('knows a login by any of its keys, and another login from it', () => {
    expect(ownerOf('me@example.com:one')).toBe(ownerOf('me@example.com:two:three'));
    expect(ownerOf('me@example.com:one')).not.toBe(ownerOf('you@example.com:one'));
    expect(ownerOf('me@example.com:one')).not.toContain('me');
  });

  it('proves nothing unless all three layers say ok', () => {
    for (const [body, status] of [
      [envelope(null, 40202), 200],
      [envelope([task({ status_code: 50000 })]), 200],
      ['oops', 500],
    ] as const) {
      expect(search?.readSearch(reply(body, status)).kind).toBe('unavailable');
    }
    expect(search?.readSearch(reply(collected(null)))).toEqual({ kind: 'rows', rows: [], shown: 0 });
  });
});

function read(body: unknown): Postback | undefined {
  return provider.webhooks?.readPostback(bytes(body));
}

function ownerOf(secret: string): string | undefined {
  return search?.ownerOf({ ...account, secret });
}

describe('a postback', () => {
  it('speaks of a task, its mark and its form', () => {
    const entry = {
      ...task({ tag: 'gl-1', status_code: 20000 }),
      path: ['v3', 'serp', 'task_get', 'advanced', TASK_ID],
    };
    expect(read(envelope([entry]))).toEqual({
      taskId: TASK_ID,
      tag: 'gl-1',
      variant: 'advanced',
      charge: { usdMicros: 600 },
    });
  });

  it('that says nothing of cost is not free', () => {
    expect(read(collected([], { tag: 'gl-1' }))).toEqual({ taskId: TASK_ID, tag: 'gl-1' });
  });

  it.each([
    ['no JSON', '<html>'],
    ['no task', envelope([])],
    ['two tasks', envelope([task({ tag: 'a' }), task({ tag: 'b' })])],
    ['no tag', envelope([task()])],
    ['no id', envelope([task({ tag: 'a', id: 'x' })])],
    ['somebody else’s JSON', { tasks: [] }],
  ])('with %s is none', (_what, body) => {
    expect(read(body)).toBeUndefined();
  });
});

describe('the free call about an account', () => {
  it('asks for the user’s data', () => {
    expect(provider.probeRequest(account)).toMatchObject({
      method: 'GET',
      url: 'https://api.dataforseo.com/v3/appendix/user_data',
    });
  });

  it('tells the balance, and never the login', () => {
    const answer = provider.readProbe(reply(fixture('user-data')));
    expect(answer).toEqual({ kind: 'ok', message: 'takes the login; balance $73.4188' });
  });

  it.each<[string, unknown, number, string, RegExp]>([
    [
      'nothing left',
      collected([{ money: { balance: 0 } }]),
      200,
      'blocked',
      /balance \$0\.0000: nothing can be bought/,
    ],
    ['an overdraft', collected([{ money: { balance: -2 } }]), 200, 'blocked', /-2/],
    ['no balance', collected([{}]), 200, 'ok', /did not tell/],
    ['a wrong password', envelope(null, 40100, 'Not authorized.'), 401, 'blocked', /40100/],
    ['a wrong password without JSON', 'no', 401, 'blocked', /401/],
    ['a block', envelope([task({ status_code: 40201 })]), 200, 'blocked', /40201/],
    ['too many calls', envelope(null, 40202), 200, 'unclear', /40202/],
    ['an error', 'oops', 500, 'unclear', /500/],
    ['something that is not DataForSEO', '<html>', 404, 'unclear', /404/],
  ])('with %s', (_what, body, status, kind, message) => {
    const answer = provider.readProbe(reply(body, status));
    expect(answer.kind).toBe(kind);
    expect(answer.message).toMatch(message);
  });
});
