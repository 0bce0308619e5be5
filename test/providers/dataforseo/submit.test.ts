import { describe, expect, it } from 'vitest';
import type { PageTask } from '../../../src/providers/provider.ts';
import { scrapersOf } from '../../../src/contracts/scrapers.ts';
import {
  account,
  envelope,
  fixture,
  NOON,
  page,
  provider,
  reply,
  request,
  SECRET,
  task,
  TASK_ID,
} from './samples.ts';

const OTHER_ID = '11201001-9001-0066-0000-8f0635c0dc01';

function bodyOf(tasks: readonly PageTask[]): Array<Record<string, unknown>> {
  const built = provider.pages?.submitRequest(tasks, account);
  return JSON.parse(built?.body ?? '[]') as Array<Record<string, unknown>>; // our own JSON
}

function pages(params: Record<string, number>): unknown {
  return bodyOf([{ request: request({ params }), tag: 't' }])[0]?.['max_crawl_pages'];
}

function readPage(body: unknown, tasks = page('a', 'b'), status = 200) {
  return provider.pages?.readSubmit(reply(body, status), tasks) ?? [];
}

describe('a purchase', () => {
  it('of one task is a list of one, under Basic authentication', () => {
    const built = provider.submitRequest(
      request(),
      { ...account, baseUrl: 'http://127.0.0.1:8808/' },
      'gl-1',
    );
    expect(built).toEqual({
      method: 'POST',
      url: 'http://127.0.0.1:8808/v3/serp/google/organic/task_post',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(SECRET).toString('base64')}`,
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^gleaner\/\d+/),
      },
      body: JSON.stringify([
        {
          keyword: 'best desk lamp',
          location_code: 2840,
          language_code: 'en',
          max_crawl_pages: 1,
          tag: 'gl-1',
        },
      ]),
    });
  });

  it.each([
    ['dataforseo/gemini', 'ai_optimization/gemini/llm_scraper'],
    ['dataforseo/chatgpt', 'ai_optimization/chat_gpt/llm_scraper'],
    ['dataforseo/google-organic', 'serp/google/organic'],
    ['dataforseo/google-ai-overview', 'serp/google/organic'],
    ['dataforseo/google-ai-mode', 'serp/google/ai_mode'],
    ['dataforseo/google-images', 'serp/google/images'],
    ['dataforseo/google-news', 'serp/google/news'],
    ['dataforseo/google-maps', 'serp/google/maps'],
    ['dataforseo/bing-organic', 'serp/bing/organic'],
  ] as const)('of %s goes to %s', (scraper, path) => {
    const built = provider.submitRequest(request({ scraper }), account, 'tag');
    expect(built.url).toBe(`https://api.dataforseo.com/v3/${path}/task_post`);
    expect(provider.pages?.groupOf(scraper)).toBe(path);
  });

  it('sends lists as lists, and our own parameters not at all', () => {
    const params = {
      variants: 'advanced,html',
      stop_crawl_on_match: 'a.example, with_subdomains:b.example,wildcard:/blog/*',
      find_targets_in: 'organic, paid',
      remove_from_url: '["srsltid"]',
      target_search_mode: 'all',
      depth: 30,
    };
    expect(bodyOf([{ request: request({ params }), tag: 't' }])).toEqual([
      {
        keyword: 'best desk lamp',
        location_code: 2840,
        language_code: 'en',
        stop_crawl_on_match: [
          { match_value: 'a.example', match_type: 'domain' },
          { match_value: 'b.example', match_type: 'with_subdomains' },
          { match_value: '/blog/*', match_type: 'wildcard' },
        ],
        find_targets_in: ['organic', 'paid'],
        remove_from_url: ['srsltid'],
        target_search_mode: 'all',
        depth: 30,
        max_crawl_pages: 3,
        tag: 't',
      },
    ]);
  });

  it('takes stop_crawl_on_match as JSON too', () => {
    const json = '[{"match_value":"a.example","match_type":"with_subdomains"}]';
    const [sent] = bodyOf([{ request: request({ params: { stop_crawl_on_match: json } }), tag: 't' }]);
    expect(sent?.['stop_crawl_on_match']).toEqual(JSON.parse(json));
  });

  it('of an AI overview always waits for it', () => {
    const [sent] = bodyOf([{ request: request({ scraper: 'dataforseo/google-ai-overview' }), tag: 't' }]);
    expect(sent).toMatchObject({ load_async_ai_overview: true });
  });

  it('limits the pages that can be billed, so that the reserved price holds', () => {
    expect([pages({}), pages({ depth: 11 }), pages({ depth: 11, max_crawl_pages: 7 })]).toEqual([1, 2, 7]);
  });

  it('asks to be called back, with the form that is the result', () => {
    const callbacks = {
      pingbackUrl: 'https://me.example/p?id=$id',
      postbackUrl: 'https://me.example/q?id=$id',
    };
    const [sent] = bodyOf([
      { request: request({ params: { variants: 'html,advanced' } }), tag: 't', callbacks },
    ]);
    expect(sent).toMatchObject({
      pingback_url: callbacks.pingbackUrl,
      postback_url: callbacks.postbackUrl,
      postback_data: 'advanced',
    });
    const alone = provider.submitRequest(request(), account, 't', { pingbackUrl: 'https://me.example/' });
    expect(alone.body).toContain('"pingback_url":"https://me.example/"');
    expect(alone.body).not.toContain('postback');
  });

  it('of a page holds up to 100 tasks of one group', () => {
    const mixed = (['dataforseo/google-organic', 'dataforseo/google-ai-overview'] as const).map(
      (scraper) => ({
        request: request({ scraper }),
        tag: scraper,
      }),
    );
    expect(bodyOf(mixed)).toHaveLength(2);
    expect(() => bodyOf(page(...Array.from({ length: 101 }, String)))).toThrow('101 tasks');
    expect(() => bodyOf([])).toThrow('0 tasks');
    const others = [...page('a'), { request: request({ scraper: 'dataforseo/bing-organic' }), tag: 'b' }];
    expect(() => bodyOf(others)).toThrow('2 groups');
  });

  it.each(scrapersOf('dataforseo'))('of %s sends only fields that the family has', (scraper) => {
    const [sent = {}] = bodyOf([{ request: request({ scraper }), tag: 't' }]);
    const known = [...Object.keys(provider.scrapers[scraper]?.params ?? {}), 'keyword', 'tag'];
    const always = scraper === 'dataforseo/google-ai-overview' ? ['load_async_ai_overview'] : [];
    expect(Object.keys(sent).filter((name) => ![...known, ...always].includes(name))).toEqual([]);
  });
});

describe('the answer to a page', () => {
  it('of the vendor’s page for one Gemini task is a receipt with its cost', () => {
    const gemini: PageTask = { request: request({ scraper: 'dataforseo/gemini' }), tag: 'wf-42-a' };
    expect(readPage(fixture('task-post-gemini'), [gemini])).toEqual([
      {
        kind: 'accepted',
        taskId: TASK_ID,
        charge: { usdMicros: 1_200 },
        submittedAt: new Date(NOON).toISOString(),
      },
    ]);
  });

  it('of two tasks, one of them rejected, is one receipt and one refusal', () => {
    expect(readPage(fixture('task-post-organic'), page('wf-9-0', 'wf-9-1'))).toMatchObject([
      { kind: 'accepted', taskId: OTHER_ID, charge: { usdMicros: 600 } },
      {
        kind: 'refused',
        reason: 'rejected',
        message: "DataForSEO says 40501 (invalid field): Invalid Field: 'location_code'.",
      },
    ]);
  });

  it('is matched by tag, whatever the order', () => {
    const body = envelope([task({ tag: 'b', id: OTHER_ID }), task({ tag: 'a' })]);
    expect(readPage(body)).toMatchObject([{ taskId: TASK_ID }, { taskId: OTHER_ID }]);
  });

  it('is matched by place where a tag is missing and nothing speaks against the order', () => {
    const rejected = task({ id: null, status_code: 40501, cost: 0 });
    const body = envelope([task({ tag: 'a' }), rejected]);
    expect(readPage(body)).toMatchObject([{ kind: 'accepted' }, { kind: 'refused' }]);
  });

  it.each<[string, unknown, string[]]>([
    ['one entry short', [task({ tag: 'a' })], ['accepted', 'unknown']],
    ['one without tag, out of order', [task({ tag: 'b' }), task({ id: OTHER_ID })], ['unknown', 'accepted']],
    [
      'one with a foreign tag',
      [task({ tag: 'x' }), task({ tag: 'b', id: OTHER_ID })],
      ['unknown', 'accepted'],
    ],
    ['one tag twice', [task({ tag: 'a' }), task({ tag: 'a', id: OTHER_ID })], ['unknown', 'unknown']],
    ['one null', [null, task({ tag: 'b' })], ['unknown', 'accepted']],
    ['one without id', [task({ tag: 'a', id: '' }), task({ tag: 'b' })], ['unknown', 'accepted']],
    ['one with a damaged id', [task({ tag: 'a', id: 'x/y' }), task({ tag: 'b' })], ['unknown', 'accepted']],
    ['one id twice', [task({ tag: 'a' }), task({ tag: 'b' })], ['unknown', 'unknown']],
    [
      'one of an unknown code',
      [task({ tag: 'a', status_code: 29999 }), task({ tag: 'b', id: OTHER_ID })],
      ['unknown', 'accepted'],
    ],
    [
      'one internal error',
      [task({ tag: 'a', status_code: 50000, cost: 0 }), task({ tag: 'b', id: OTHER_ID })],
      ['unknown', 'accepted'],
    ],
    [
      'one rejected and charged all the same',
      [task({ tag: 'a', status_code: 40501, cost: 0.0006 }), task({ tag: 'b', id: OTHER_ID })],
      ['unknown', 'accepted'],
    ],
    [
      'one over the hundred',
      [task({ tag: 'a', status_code: 40006, cost: 0 }), task({ tag: 'b', id: OTHER_ID })],
      ['refused', 'accepted'],
    ],
  ])('with %s leaves its neighbour alone', (_what, tasks, kinds) => {
    expect(readPage(envelope(tasks)).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('is a receipt also under a call that failed as a whole', () => {
    const body = envelope([task({ tag: 'a' }), task({ tag: 'b', id: OTHER_ID })], 50000, 'Internal Error.');
    expect(readPage(body).map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
  });

  it('without a price tells none', () => {
    const answers = readPage(
      envelope([task({ tag: 'a', cost: undefined }), task({ tag: 'b', cost: -1, id: OTHER_ID })]),
    );
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    for (const answer of answers) expect(answer).not.toHaveProperty('charge');
  });

  it('of the sandbox costs nothing', () => {
    expect(readPage(envelope([task({ tag: 'a', cost: 0 })]), page('a'))).toMatchObject([{ charge: {} }]);
  });

  it.each<[string, unknown, number]>([
    ['an HTML page', '<html>', 200],
    ['an empty body', '', 200],
    ['JSON of somebody else', { error: 'x' }, 200],
    ['no tasks', envelope(null), 200],
    ['an empty list', envelope([]), 200],
    ['an internal error of the call', envelope(null, 50000), 200],
    ['an internal error with its status', envelope(null, 50000), 500],
    ['a bad gateway', 'bad gateway', 502],
    ['a limit that nobody documents', 'slow down', 429],
    ['a block page', '<html>Access denied', 403],
    ['an undocumented code', envelope(null, 41234), 200],
    ['40000, where the first task runs', envelope(null, 40000), 200],
    ['40006 of the whole call', envelope(null, 40006), 200],
    ['an engine failure', envelope(null, 40101), 200],
  ])('of %s leaves all tasks unknown', (_what, body, status) => {
    expect(readPage(body, page('a', 'b'), status).map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
  });

  it.each<[number, unknown, string]>([
    [401, 'unauthorized', 'auth'],
    [401, envelope(null, 40100, 'You are not authorized.'), 'auth'],
    [402, '', 'no-funds'],
    [404, '<html>', 'rejected'],
  ])('of %d bought nothing, with or without JSON', (status, body, reason) => {
    expect(readPage(body, page('a', 'b'), status)).toMatchObject([
      { kind: 'refused', reason },
      { kind: 'refused', reason },
    ]);
  });

  it('quotes neither the prompt nor what may be a key or an id', () => {
    const message = `Invalid Field: 'keyword' best desk lamp, task ${TASK_ID}.\nkey ${Buffer.from(SECRET).toString('base64')}`;
    const rejected = task({ tag: 'a', status_code: 40501, status_message: message, cost: 0 });
    const [answer] = readPage(envelope([rejected]), page('a'));
    expect(answer).toMatchObject({
      message:
        "DataForSEO says 40501 (invalid field): Invalid Field: 'keyword' [prompt], task [hidden]. key [hidden]=",
    });
  });

  it('reads a page of one like any other', () => {
    expect(provider.readSubmit(reply(envelope([task({ tag: 'a' })])), request(), 'a')).toMatchObject({
      kind: 'accepted',
    });
    expect(provider.readSubmit(reply(envelope([task({ tag: 'b' })])), request(), 'a').kind).toBe('unknown');
  });
});
