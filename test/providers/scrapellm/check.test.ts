import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrapeLlm } from '../../../src/providers/scrapellm/adapter.ts';
import { account, doneJob, doneWith, failedJob, JOB_ID, KEY, pendingJob, reply } from './samples.ts';

const provider = createScrapeLlm();
const check = (status: number, body: unknown, headers = {}) =>
  provider.readCheck(reply(status, body, headers), { taskId: JOB_ID, scraper: 'scrapellm/chatgpt' });

describe('a look at a job', () => {
  it('goes out without the key', () => {
    const built = provider.checkRequest({ taskId: JOB_ID, scraper: 'scrapellm/chatgpt' }, account);
    expect(built).toMatchObject({ method: 'GET', url: `https://api.scrapellm.com/jobs/${JOB_ID}` });
    expect(JSON.stringify(built)).not.toContain(KEY);
  });

  it('cannot be led to another address by an odd id', () => {
    expect(provider.checkRequest({ taskId: 'a/../b?x=1#y', scraper: 'scrapellm/chatgpt' }, account).url).toBe(
      'https://api.scrapellm.com/jobs/a%2F..%2Fb%3Fx%3D1%23y',
    );
  });

  it("reads the vendor's three examples", () => {
    expect(check(200, pendingJob)).toEqual({ kind: 'pending' });
    expect(check(200, doneJob)).toEqual({
      kind: 'ready',
      empty: false,
      charge: { credits: 3 },
      readyAt: '2026-05-11T12:00:18.000Z',
    });
    expect(check(200, failedJob)).toEqual({
      kind: 'failed',
      message: expect.stringContaining('execution failed'),
      refundExpected: true,
      resubmit: true,
      readyAt: '2026-05-11T12:01:45.000Z',
    });
  });

  it('takes a pending job with a null end', () => {
    expect(check(200, { ...pendingJob, completed_at: null })).toEqual({ kind: 'pending' });
  });

  it.each(['queued', 'running', 'retrying', '', 'DONE?'])(
    'goes on looking at the unknown status "%s"',
    (status) => {
      expect(check(200, { ...doneJob, status })).toEqual({ kind: 'pending' });
    },
  );

  it('reads a status in other letters', () => {
    expect(check(200, { ...doneJob, status: 'Done' }).kind).toBe('ready');
  });

  it('calls a 404 missing, however it is written', () => {
    expect(check(404, { detail: 'Job not found or expired' })).toMatchObject({ kind: 'missing' });
    expect(check(404, '')).toMatchObject({ kind: 'missing' });
  });

  it.each([
    '',
    '<html>ok</html>',
    '{"job_id":',
    'null',
    '[]',
    '7',
    '"done"',
    {},
    { status: 1 },
    { detail: 'x' },
  ])('learns nothing from 200 with %j', (body) => {
    expect(check(200, body).kind).toBe('unavailable');
  });

  it.each([202, 204, 301, 307, 400, 401, 403, 410, 422, 429, 500, 502, 503, 504])(
    'learns nothing from a %i',
    (status) => {
      expect(check(status, doneJob).kind).toBe('unavailable');
      expect(check(status, { detail: 'x' }, { 'retry-after': '3' })).toMatchObject({ retryAfterMs: 3_000 });
    },
  );

  it.each([pendingJob, doneJob, failedJob])('learns nothing from a body about another job (%#)', (job) => {
    const other = check(200, { ...job, job_id: '00000000-9e4d-4f8a-b2c1-7d6e5f4a3b2c' });
    expect(other.kind).toBe('unavailable');
    expect(JSON.stringify(other)).not.toContain('00000000');
  });

  it('knows its job in other letters and without an id in the body', () => {
    expect(check(200, { ...doneJob, job_id: JOB_ID.toUpperCase() }).kind).toBe('ready');
    expect(check(200, { ...doneJob, job_id: undefined }).kind).toBe('ready');
  });

  it("does not show a failed job's id", () => {
    expect(JSON.stringify(check(200, { ...failedJob, error: `job ${JOB_ID} timed out` }))).not.toContain(
      JOB_ID,
    );
  });

  it('never throws, whatever a body holds', () => {
    const status = fc.constantFrom('pending', 'done', 'failed', 'x');
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.record({ status, result: fc.jsonValue(), error: fc.jsonValue() })),
        (body) => {
          expect(typeof check(200, body).kind).toBe('string');
        },
      ),
    );
  });
});

describe('a done job', () => {
  it.each([
    undefined,
    null,
    '',
    {},
    [],
    { result: '' },
    { result: ' \n', result_markdown: null, products: [] },
    { links: [{ url: 'https://a.test/' }] },
  ])('is empty with neither text nor products (result %j)', (result) => {
    expect(check(200, doneWith(result))).toMatchObject({ kind: 'ready', empty: true });
  });

  it.each([
    { result: 'text' },
    { result_markdown: '# text' },
    { products: [{ asin: 'B01' }] },
    'text',
    // Of a form that nobody knows: it is something all the same.
    { result: { blocks: ['text'] } },
    { products: 'B01' },
  ])('is not empty with one of them (result %j)', (result) => {
    expect(check(200, doneWith(result))).toMatchObject({ kind: 'ready', empty: false });
  });

  it.each([
    [3, 3],
    [0, 0],
    [7, 7],
    ['5', 5],
    [-1, 3],
    [2.5, 3],
    [1e300, 3],
    ['many', 3],
    [null, 3],
    [undefined, 3],
  ])('that says %j credits were used costs %i', (credits_used, credits) => {
    expect(check(200, doneWith({ result: 'text', credits_used }))).toMatchObject({ charge: { credits } });
  });
});
