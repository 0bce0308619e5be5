import { describe, expect, it } from 'vitest';
import { readJson, startBench } from './helpers.ts';

describe('a submit', () => {
  it('answers 202 with a job id and the body of a pending poll', async () => {
    const bench = await startBench();
    const response = await bench.submit({ prompt: 'desk lamp', country: 'GB' }, 'perplexity');
    expect(response.status).toBe(202);
    const body = await readJson(response);
    expect(body).toMatchObject({
      status: 'pending',
      scraper: 'perplexity',
      prompt: 'desk lamp',
      country: 'GB',
    });
    expect(body.job_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(body.created_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/);
  });

  it('answers the job id alone where the knob says so', async () => {
    const bench = await startBench({ knobs: { submitBody: 'job-id-only' } });
    expect(Object.keys(await readJson(await bench.submit({ prompt: 'x' })))).toEqual(['job_id']);
  });

  it('takes the key from the query too, and refuses a missing or unknown one with 401', async () => {
    const bench = await startBench();
    const url = `${bench.simulator.url}/scrapers/chatgpt/jobs?prompt=x`;
    expect((await fetch(`${url}&api_key=simulator-key`, { method: 'POST' })).status).toBe(202);
    const missing = await fetch(url, { method: 'POST' });
    expect(missing.status).toBe(401);
    expect(await readJson(missing)).toEqual({ detail: 'Missing API key' });
    expect((await bench.submit({ prompt: 'x' }, 'chatgpt', 'stolen')).status).toBe(401);
    expect((await bench.control.state()).totals.jobs).toBe(1);
  });

  it('does not know other scrapers', async () => {
    const bench = await startBench();
    expect((await bench.submit({ prompt: 'x' }, 'google-search')).status).toBe(404);
  });

  it.each([
    ['漢', 3],
    ['🦊', 4],
    ['a', 1],
  ])('accepts 4,000 code points of %s and refuses one more', async (char) => {
    const bench = await startBench();
    const prompt = char.repeat(4_000);
    const id = await bench.buy({ prompt });
    expect((await readJson(await bench.poll(id))).prompt).toBe(prompt);
    const tooLong = await bench.submit({ prompt: `${prompt}${char}` });
    expect(tooLong.status).toBe(400);
    expect((await readJson(tooLong)).detail).toContain('4001');
  });

  it.each<[string, Record<string, string>, string?]>([
    ['no prompt', {}],
    ['a blank prompt', { prompt: '  ' }],
    ['a country in words', { prompt: 'x', country: 'Germany' }],
    ['a country in lower case', { prompt: 'x', country: 'us' }],
    ['Japan on gemini', { prompt: 'x', country: 'JP' }, 'gemini'],
    ['Taiwan on google_ai_mode', { prompt: 'x', country: 'TW' }, 'google_ai_mode'],
    ['Japan on grok', { prompt: 'x', country: 'JP' }, 'grok'],
    ['Japan on copilot', { prompt: 'x', country: 'JP' }, 'copilot'],
    ['a timeout under 10 s', { prompt: 'x', timeout: '9.9' }],
    ['a timeout over 600 s', { prompt: 'x', timeout: '601' }],
    ['a timeout in words', { prompt: 'x', timeout: 'soon' }],
    ['a boolean in words', { prompt: 'x', bypass_cache: 'True' }],
    ['a boolean of the scraper in words', { prompt: 'x', web_search: '1' }, 'perplexity'],
    ['an unknown mode', { prompt: 'x', mode: 'MODEL_MODE_GENIUS' }, 'grok'],
    ["another scraper's mode", { prompt: 'x', mode: 'MODEL_MODE_FAST' }, 'copilot'],
  ])('refuses %s with 400 and makes no job', async (_name, params, scraper) => {
    const bench = await startBench();
    const response = await bench.submit(params, scraper);
    expect(response.status).toBe(400);
    expect((await readJson(response)).detail).toEqual(expect.any(String));
    expect((await bench.control.ledger()).totals).toMatchObject({ jobs: 0, charged: 0, submitsSeen: 0 });
  });

  it.each<[string, Record<string, string>, string]>([
    ['Japan on chatgpt', { prompt: 'x', country: 'JP' }, 'chatgpt'],
    ['the bounds of timeout', { prompt: 'x', timeout: '600' }, 'chatgpt'],
    ['parameters that nobody knows', { prompt: 'x', colour: 'red' }, 'chatgpt'],
    ["another scraper's parameter", { prompt: 'x', mode: 'whatever' }, 'chatgpt'],
    ['the documented mode of grok', { prompt: 'x', mode: 'MODEL_MODE_EXPERT' }, 'grok'],
  ])('accepts %s', async (_name, params, scraper) => {
    const bench = await startBench();
    expect((await bench.submit(params, scraper)).status).toBe(202);
  });

  it('refuses with 422 and an array where the knob says so', async () => {
    const bench = await startBench({ knobs: { validationStyle: 422 } });
    const response = await bench.submit({ prompt: '' });
    expect(response.status).toBe(422);
    expect((await readJson(response)).detail).toEqual([
      { type: 'value_error', loc: ['query', 'prompt'], msg: 'prompt is required' },
    ]);
  });

  it('refuses more submits a minute than the limit, and tells when to come back if asked to', async () => {
    const bench = await startBench({ knobs: { rateLimitPerMinute: 2, retryAfterSeconds: 7 } });
    await bench.buy({ prompt: '1' });
    await bench.buy({ prompt: '2' });
    const third = await bench.submit({ prompt: '3' });
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('7');
    expect((await readJson(third)).detail).toMatch(/^Rate limit exceeded/);
  });

  it('refuses jobs over the queue limit of one scraper only', async () => {
    const bench = await startBench({ knobs: { queueLimit: 1, durationMs: 60_000 } });
    await bench.buy({ prompt: '1' }, 'grok');
    const full = await bench.submit({ prompt: '2' }, 'grok');
    expect(full.status).toBe(429);
    expect((await readJson(full)).detail).toContain('queue is full');
    await bench.buy({ prompt: '2' }, 'gemini');
    await bench.control.advance(60_000);
    await bench.buy({ prompt: '2' }, 'grok');
  });
});

describe('every answer', () => {
  it('carries the date of the simulator clock, refusals and unknown paths too', async () => {
    const bench = await startBench();
    await bench.control.advance(48 * 3_600_000);
    const { url } = bench.simulator;
    for (const [path, method] of [
      ['/jobs/x', 'GET'],
      ['/nowhere', 'GET'],
      ['/jobs/x', 'DELETE'],
      ['/scrapers/chatgpt/jobs', 'POST'],
      ['/__sim/state', 'GET'],
    ]) {
      const date = Date.parse((await fetch(url + path, { method })).headers.get('date') ?? '');
      expect(Math.abs(date - Date.now() - 48 * 3_600_000)).toBeLessThan(5_000);
    }
  });

  it('is 405 with detail for a DELETE of anything, and for a wrong method', async () => {
    const { simulator } = await startBench();
    for (const [path, method] of [
      ['/jobs/3f7a2b1c-9e4d-4f8a-b2c1-7d6e5f4a3b2c', 'DELETE'],
      ['/anything/at/all', 'DELETE'],
      ['/jobs/x', 'POST'],
      ['/scrapers/chatgpt/jobs', 'GET'],
    ]) {
      const response = await fetch(simulator.url + path, { method });
      expect(response.status).toBe(405);
      expect(await readJson(response)).toEqual({ detail: 'Method Not Allowed' });
    }
  });
});
