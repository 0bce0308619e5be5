import { expect, test } from 'vitest';
import { createDataForSeo } from '../../../src/providers/dataforseo/adapter.ts';
import type { HttpReply } from '../../../src/providers/provider.ts';
import type { WebhookProtocol } from '../../../src/providers/webhook-protocol.ts';

const ACCOUNT = {
  name: 'default',
  baseUrl: 'https://api.dataforseo.example',
  secret: 'me:secret',
  simulated: false,
  timeScale: 1,
};
const ID = '11200912-9001-0626-0000-6c0e8a51f2d4';

function protocol(): WebhookProtocol {
  const { webhooks } = createDataForSeo();
  if (!webhooks) throw new Error('it has webhooks');
  return webhooks;
}

function reply(body: unknown, status = 200): HttpReply {
  return {
    status,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    serverTimeMs: Date.parse('2026-11-20T10:00:30Z'),
  };
}

const envelope = (tasks: unknown[], code = 20000): unknown => ({
  status_code: code,
  status_message: 'm',
  tasks,
});
const listed = (result: unknown): HttpReply => reply(envelope([{ id: 'x', status_code: 20000, result }]));

test('asks for failed posts only, from a whole second on and without an end', () => {
  const request = protocol().failedRequest('serp', Date.parse('2026-11-20T08:00:00.900Z'), ACCOUNT);
  expect(request).toMatchObject({ method: 'POST', url: 'https://api.dataforseo.example/v3/serp/errors' });
  expect(JSON.parse(request.body ?? '')).toEqual([
    {
      limit: 1000,
      offset: 0,
      filtered_function: 'postback_url',
      datetime_from: '2026-11-20 08:00:00 +00:00',
    },
  ]);
});

test('reads id, address and time, and leaves out rows that lack one', () => {
  const row = {
    id: ID,
    datetime: '2026-11-20 08:15:40 +00:00',
    http_url: 'https://us.example/x',
    http_code: 503,
  };
  expect(
    protocol().readFailed(
      listed([row, { ...row, id: 'no id' }, { ...row, http_url: null }, { ...row, datetime: 1 }, null]),
    ),
  ).toEqual({
    kind: 'listed',
    calls: [{ taskId: ID, url: 'https://us.example/x', failedAt: '2026-11-20T08:15:40.000Z' }],
    full: false,
  });
  expect(protocol().readFailed(listed(null))).toEqual({ kind: 'listed', calls: [], full: false });
  expect(protocol().readFailed(listed(Array.from({ length: 1_000 }, () => row)))).toMatchObject({
    full: true,
  });
});

test('asks for a resend by ids, and counts those that are taken', () => {
  const request = protocol().resendRequest([ID], ACCOUNT);
  expect(request).toMatchObject({ url: 'https://api.dataforseo.example/v3/appendix/webhook_resend' });
  expect(JSON.parse(request.body ?? '')).toEqual([{ id: ID }]);
  const tasks = [20000, 40401, 20000].map((status_code) => ({ id: ID, status_code, result: null }));
  expect(protocol().readResend(reply(envelope(tasks)))).toEqual({ kind: 'taken', count: 2 });
});

test.each([
  ['a rate limit', reply(envelope([], 40202)), { reason: 'rate-limited', retryAfterMs: 31_000 }],
  ['a body that is none of the provider', reply('<html>', 502), {}],
])('says that it learned nothing from %s', (_, answer, more) => {
  expect(protocol().readFailed(answer)).toMatchObject({ kind: 'unavailable', ...more });
  expect(protocol().readResend(answer)).toMatchObject({ kind: 'unavailable', ...more });
});

test('has a list of failures for each API', () => {
  expect(protocol().familyOf('dataforseo/google-images')).toBe('serp');
  expect(protocol().familyOf('dataforseo/gemini')).toBe('ai_optimization');
});
