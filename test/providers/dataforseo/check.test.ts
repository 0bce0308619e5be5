import { describe, expect, it } from 'vitest';
import {
  account,
  check,
  collected,
  envelope,
  fixture,
  NOON,
  provider,
  reply,
  task,
  TASK_ID,
} from './samples.ts';

const PAGE = [{ datetime: '2026-11-20 10:05:11 +00:00', items: [{ type: 'organic', rank_absolute: 1 }] }];

describe('a look', () => {
  it.each([
    ['dataforseo/gemini', undefined, 'ai_optimization/gemini/llm_scraper/task_get/advanced'],
    ['dataforseo/chatgpt', 'html', 'ai_optimization/chat_gpt/llm_scraper/task_get/html'],
    ['dataforseo/google-ai-overview', undefined, 'serp/google/organic/task_get/advanced'],
    ['dataforseo/google-organic', 'regular', 'serp/google/organic/task_get/regular'],
    ['dataforseo/bing-organic', undefined, 'serp/bing/organic/task_get/advanced'],
  ] as const)('at %s (%s) asks by id at %s', (scraper, variant, path) => {
    const bought = { taskId: TASK_ID, scraper, ...(variant && { variant }) };
    expect(provider.checkRequest(bought, account)).toMatchObject({
      method: 'GET',
      url: `https://api.dataforseo.com/v3/${path}/${TASK_ID}`,
    });
  });

  it('finds the task of the vendor’s page in the queue', () => {
    expect(check(fixture('pending'), { scraper: 'dataforseo/gemini' })).toEqual({ kind: 'pending' });
  });

  it('tells when the result was made, and nothing of its cost', () => {
    expect(check(collected(PAGE, { cost: 0.0006 }))).toEqual({
      kind: 'ready',
      empty: false,
      readyAt: '2026-11-20T10:05:11.000Z',
    });
  });

  it.each([
    ['2026-11-20 10:05:11 +0000', '2026-11-20T10:05:11.000Z'],
    ['2026-11-20 12:05:11 +02:00', '2026-11-20T10:05:11.000Z'],
    ['2026-11-20 10:05:11', '2026-11-20T10:05:11.000Z'],
    ['yesterday', undefined],
    [7, undefined],
  ])('reads the time %s', (datetime, readyAt) => {
    expect(check(collected([{ ...PAGE[0], datetime }]))).toEqual({
      kind: 'ready',
      empty: false,
      ...(readyAt !== undefined && { readyAt }),
    });
  });

  it.each([[null], [[]], [[null]], [[{}]], [[{ items: null }]], [[{ items: [] }]], [[{ items: [null] }]]])(
    'calls a finished task with %j empty',
    (result) => {
      expect(check(collected(result))).toMatchObject({ kind: 'ready', empty: true });
    },
  );

  it.each([['text'], [{}], [[{ items: 'text' }]], [['text']]])('keeps %j, which it cannot read', (result) => {
    expect(check(collected(result))).toMatchObject({ kind: 'ready', empty: false });
  });

  it.each<[string, string | undefined, unknown, boolean]>([
    ['dataforseo/gemini', undefined, { markdown: 'text', items: null }, false],
    ['dataforseo/gemini', undefined, { markdown: ' ', items: [] }, true],
    ['dataforseo/gemini', undefined, { markdown: null, items: [{ type: 'new' }] }, false],
    ['dataforseo/google-ai-overview', undefined, { items: [{ type: 'organic' }] }, true],
    ['dataforseo/google-ai-overview', undefined, { items: [{ type: 'ai_overview', markdown: null }] }, true],
    [
      'dataforseo/google-ai-overview',
      undefined,
      { items: [{ type: 'ai_overview', markdown: 'Yes.' }] },
      false,
    ],
    ['dataforseo/google-ai-mode', undefined, { items: [{ type: 'ai_overview', items: [{}] }] }, false],
    ['dataforseo/google-ai-mode', undefined, { items: [{ type: 'organic' }] }, true],
    ['dataforseo/google-ai-overview', 'html', { items: [{ html: '<p>' }] }, false],
    ['dataforseo/google-images', 'html', { items: [{ html: '' }] }, true],
  ])('of %s (%s) with %j: empty is %s', (scraper, variant, payload, empty) => {
    const look = { scraper: scraper as 'dataforseo/gemini', ...(variant && { variant }) }; // one of the scrapers
    expect(check(collected([payload]), look)).toMatchObject({ kind: 'ready', empty });
  });

  it.each([
    'gemini',
    'chatgpt',
    'google-organic',
    'google-ai-overview',
    'google-ai-mode',
    'google-images',
  ] as const)('finds something in the sample of %s', (engine) => {
    const answer = check(collected([fixture(engine)]), { scraper: `dataforseo/${engine}` });
    expect(answer).toMatchObject({ kind: 'ready', empty: false });
  });

  it.each([40101, 40103])('that ends with %d may be bought again, and no refund is promised', (code) => {
    expect(check(collected(null, { status_code: code }))).toMatchObject({
      kind: 'failed',
      resubmit: true,
      refundExpected: false,
      message: expect.stringContaining(String(code)),
    });
  });

  it.each<[string, object]>([
    ['another id', collected(PAGE, { id: '00000000-0000-0000-0000-000000000000' })],
    ['no id', collected(PAGE, { id: null })],
    ['no task', envelope([])],
    ['a failure of another task', collected(null, { status_code: 40101, id: null })],
    ['no code of the task’s own', collected(null, { status_code: undefined })],
    ['a code that is none', envelope([{ ...task(), status_code: 'fine', result: PAGE }])],
  ])('at an answer with %s says nothing', (_what, body) => {
    expect(check(body).kind).toBe('unavailable');
  });

  it('without a code of the task’s own tells of the account what the call says', () => {
    const body = { ...collected(null, { status_code: undefined }), status_code: 40201 };
    expect(check(body)).toMatchObject({ kind: 'unavailable', reason: 'blocked' });
  });

  it('knows the task by its address where the id is missing, and in capitals', () => {
    const entry = { ...task({ status_code: 20000, id: '', result: PAGE }), path: ['v3', 'x', TASK_ID] };
    expect(check(envelope([entry])).kind).toBe('ready');
    expect(check(collected(PAGE, { id: TASK_ID.toUpperCase() })).kind).toBe('ready');
  });

  it.each<[string, unknown, number]>([
    ['in the body', collected(null, { status_code: 40401, id: null }), 200],
    ['with HTTP 404', collected(null, { status_code: 40401 }), 404],
    ['with HTTP 404 and no task', envelope(null, 40400), 404],
  ])('at a task that the vendor does not know, told %s, misses it', (_what, body, status) => {
    expect(check(body, { status }).kind).toBe('missing');
  });

  it.each<[unknown, number, string | undefined]>([
    ['unauthorized', 401, 'auth'],
    ['', 402, 'no-funds'],
    ['<html>', 404, undefined],
    ['oops', 500, undefined],
    ['bad gateway', 502, undefined],
    ['<html>', 200, undefined],
    [envelope(null, 40210), 200, 'no-funds'],
    [envelope(null, 40202), 200, 'rate-limited'],
    [envelope(null, 50000), 500, undefined],
  ])('never fails a paid task because of %j (%d)', (body, status, reason) => {
    const answer = check(body, { status });
    expect(answer.kind).toBe('unavailable');
    expect('reason' in answer ? answer.reason : undefined).toBe(reason);
  });

  it.each([
    [40202, 61_000 - (NOON % 60_000)],
    [40209, 5_000],
    [50303, 60_000],
    [50000, undefined],
  ])('waits as long as %d asks for: %s ms', (code, retryAfterMs) => {
    const answer = check(envelope(null, code));
    expect('retryAfterMs' in answer ? answer.retryAfterMs : undefined).toBe(retryAfterMs);
  });

  it('obeys a Retry-After that nobody documents', () => {
    const answer = provider.readCheck(reply(envelope(null, 40202), 429, { 'retry-after': '7' }), {
      taskId: TASK_ID,
      scraper: 'dataforseo/gemini',
    });
    expect(answer).toMatchObject({ kind: 'unavailable', retryAfterMs: 7_000 });
  });
});
