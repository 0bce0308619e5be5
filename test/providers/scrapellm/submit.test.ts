import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp } from '../../../src/providers/http.ts';
import { createScrapeLlm } from '../../../src/providers/scrapellm/adapter.ts';
import { createServers } from '../servers.ts';
import { account, JOB_ID, KEY, NOON, reply, request } from './samples.ts';

const provider = createScrapeLlm();

describe('a submit', () => {
  it('carries everything in the query and the key in its header only', () => {
    const asked = request({
      prompt: 'a b&c=d+é?#',
      market: 'de/de',
      params: { timeout: 30, bypass_cache: true },
    });
    const built = provider.submitRequest(asked, { ...account, baseUrl: 'https://api.scrapellm.com/' }, 'tag');
    expect(built).toEqual({
      method: 'POST',
      url:
        'https://api.scrapellm.com/scrapers/chatgpt/jobs' +
        '?prompt=a%20b%26c%3Dd%2B%C3%A9%3F%23&country=DE&bypass_cache=true&timeout=30',
      headers: {
        accept: 'application/json',
        'content-length': '0',
        'user-agent': expect.stringMatching(/^gleaner\/\d+\.\d+\.\d+/),
        'x-api-key': KEY,
      },
    });
  });

  it.each([
    ['scrapellm/google-ai-mode', '/scrapers/google_ai_mode/jobs'],
    ['scrapellm/amazon-rufus', '/scrapers/amazon_rufus/jobs'],
    ['scrapellm/grok', '/scrapers/grok/jobs'],
  ] as const)('of %s goes to %s', (scraper, path) => {
    expect(new URL(provider.submitRequest(request({ scraper }), account, 'tag').url).pathname).toBe(path);
  });
});

describe('prompts on the wire', () => {
  const servers = createServers();
  const http = createHttp();
  afterEach(() => servers.closeAll());

  /** Sends prompts through a real server and returns what it read. */
  async function roundTrip(prompts: string[]): Promise<Array<string | null>> {
    const seen: Array<string | null> = [];
    const host = await servers.http(
      (req, res) => {
        seen.push(new URL(req.url ?? '', 'http://host').searchParams.get('prompt'));
        res.end('{}');
      },
      { maxHeaderSize: 128 * 1024 },
    );
    for (const prompt of prompts) {
      const built = provider.submitRequest(
        request({ prompt }),
        { ...account, baseUrl: `http://${host}` },
        'tag',
      );
      expect((await http.send(built, { timeoutMs: 5_000, fresh: true })).kind).toBe('reply');
    }
    return seen;
  }

  it('arrive whole at 4,000 code points of CJK and of emoji', async () => {
    const prompts = ['鞋'.repeat(4_000), '👟'.repeat(4_000), '👩‍👧 é%20+&=#\n\t"\''.padEnd(4_000, '쿠')];
    expect(await roundTrip(prompts)).toEqual(prompts);
    expect(provider.validate(request({ prompt: '👟'.repeat(4_000) }))).toEqual([]);
  });

  it('arrive as they were, whatever they hold', async () => {
    const prompts = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), 50);
    expect(await roundTrip(prompts)).toEqual(prompts);
  });
});

describe('an accepted submit', () => {
  it.each([200, 201, 202, 204, 299])('needs only a job id (%i)', (status) => {
    expect(provider.readSubmit(reply(status, { job_id: JOB_ID }), request(), 'tag')).toEqual({
      kind: 'accepted',
      taskId: JOB_ID,
      charge: { credits: 3 },
      submittedAt: new Date(NOON).toISOString(),
    });
  });

  it.each([
    ['2026-05-11T11:59:58.250000+00:00', '2026-05-11T11:59:58.250Z'],
    ['2026-05-11T12:09:59', '2026-05-11T12:09:59.000Z'],
    ['2026-05-11T14:00:01+02:00', '2026-05-11T12:00:01.000Z'],
    // Not near the Date header, or no time at all: the header counts.
    ['2026-05-11T12:10:01+00:00', '2026-05-11T12:00:00.000Z'],
    ['2024-05-11T12:00:00+00:00', '2026-05-11T12:00:00.000Z'],
    ['yesterday', '2026-05-11T12:00:00.000Z'],
    [17, '2026-05-11T12:00:00.000Z'],
    [null, '2026-05-11T12:00:00.000Z'],
  ])('created at %j was submitted at %s', (created_at, submittedAt) => {
    expect(provider.readSubmit(reply(202, { job_id: JOB_ID, created_at }), request(), 'tag')).toMatchObject({
      submittedAt,
    });
  });

  it.each([
    '',
    'null',
    '[]',
    '"job"',
    '{"job_id":',
    '<html>accepted</html>',
    {},
    { job_id: '' },
    { job_id: '  ' },
    { job_id: null },
    { job_id: 7 },
    { job_id: ['x'] },
    { job_id: 'a\u0000b' },
    { job_id: '\ud800' },
    { job_id: 'x'.repeat(10_000) },
    '['.repeat(100_000),
  ])('without a job id is unknown (body %#)', (body) => {
    expect(provider.readSubmit(reply(202, body), request(), 'tag').kind).toBe('unknown');
  });
});

describe('a submit that was not accepted', () => {
  it.each([
    [400, 'Validation failed', 'rejected'],
    [401, 'Invalid or missing API key', 'auth'],
    [401, 'Account has no credits', 'no-funds'],
    [402, 'Payment required', 'no-funds'],
    [403, 'Not authenticated', 'auth'],
    [403, 'This account is suspended', 'blocked'],
    [404, 'Unknown scraper', 'rejected'],
    [405, 'Method Not Allowed', 'rejected'],
    [413, 'Too large', 'rejected'],
    [414, 'URI too long', 'rejected'],
    [422, [{ loc: ['query', 'prompt'], msg: 'Field required', input: 'secret prompt' }], 'rejected'],
    [429, 'Rate limit exceeded: 10 per 1 second', 'rate-limited'],
    [429, 'Rate limit exceeded for your credits plan', 'rate-limited'],
    [429, 'Scraper queue is full', 'busy'],
    [429, 'Credit limit reached. Upgrade your plan.', 'no-funds'],
    [429, 'Slow down', 'rate-limited'],
    [431, 'Headers too large', 'rejected'],
    [503, 'Scraper pool is warming up', 'busy'],
  ])('is refused: %i %j is %s', (status, detail, reason) => {
    const answer = provider.readSubmit(reply(status, { detail }), request(), 'tag');
    expect(answer).toMatchObject({
      kind: 'refused',
      reason,
      message: expect.stringContaining(String(status)),
    });
    expect(answer).not.toHaveProperty('retryAfterMs');
    expect(JSON.stringify(answer)).not.toContain('secret prompt');
  });

  it.each([413, 414, 431])('is refused by a server in front that says %i in its own words', (status) => {
    for (const body of ['<html>Request-URI Too Large</html>', '']) {
      const answer = provider.readSubmit(reply(status, body), request(), 'tag');
      expect(answer).toMatchObject({
        kind: 'refused',
        reason: 'rejected',
        message: expect.stringContaining('too long'),
      });
    }
  });

  it.each([400, 401, 402, 403, 404, 405, 422, 429, 503])('is unknown at %i without a detail', (status) => {
    for (const body of [
      '<html>Bad gateway</html>',
      '',
      '{}',
      '[]',
      'null',
      '{"detail":7}',
      '{"error":"x"}',
    ]) {
      expect(provider.readSubmit(reply(status, body), request(), 'tag').kind).toBe('unknown');
    }
  });

  it.each([100, 301, 302, 307, 308, 406, 408, 409, 410, 418, 425, 451, 500, 501, 502, 504, 520, 524, 599])(
    'is unknown at %i, whatever the body says',
    (status) => {
      for (const body of [{ detail: 'scraper error' }, { job_id: JOB_ID }, '']) {
        expect(provider.readSubmit(reply(status, body), request(), 'tag').kind).toBe('unknown');
      }
    },
  );

  it('says how long to wait if the provider does', () => {
    const answer = provider.readSubmit(
      reply(429, { detail: 'Rate limit exceeded' }, { 'retry-after': '7' }),
      request(),
      'tag',
    );
    expect(answer).toMatchObject({ kind: 'refused', retryAfterMs: 7_000 });
  });

  it('does not repeat a key or a job id that the provider quotes', () => {
    for (const status of [401, 500]) {
      const answer = provider.readSubmit(
        reply(status, { detail: `bad key ${KEY} for ${JOB_ID}` }),
        request(),
        'tag',
      );
      expect(JSON.stringify(answer)).not.toContain(KEY);
      expect(JSON.stringify(answer)).not.toContain(JOB_ID);
    }
  });

  it('is never read as accepted from a status that is not 2xx, and never throws', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
        const { kind } = provider.readSubmit(reply(status, body), request(), 'tag');
        expect(status >= 200 && status <= 299 ? ['accepted', 'unknown'] : ['refused', 'unknown']).toContain(
          kind,
        );
      }),
    );
  });
});
