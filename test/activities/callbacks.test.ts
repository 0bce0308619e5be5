import { expect, test } from 'vitest';
import { hideCallbackTokens } from '../../src/activities/callbacks.ts';
import { createCallbackUrls } from '../../src/webhooks/callback-urls.ts';

const TAG = 'abc123-0123456789abcdef0123456789';
const { postbackUrl: ADDRESS = '' } = createCallbackUrls(
  'https://gleaner.example/hooks',
  'a secret',
).callbacksFor(TAG);
const TOKEN = ADDRESS.split('/').at(-1)?.split('?')[0] ?? '';

const hide = (text: string): string => Buffer.from(hideCallbackTokens(Buffer.from(text), TAG)).toString();

/** An echo of the address among other text. */
const body = (address: string): string => `{"tag":"${TAG}","postback_url":"${address}","é":"${TAG}"}`;

test.each([
  ['as it was given', (text: string) => text],
  ['with escaped slashes', (text: string) => text.replaceAll('/', '\\/')],
  ['percent-encoded', (text: string) => encodeURIComponent(text)],
])('hides a token that is echoed %s, and nothing else', (_, write) => {
  const hidden = hide(body(write(ADDRESS)));
  expect(hidden).toBe(body(write(ADDRESS)).replace(TOKEN, '*'.repeat(TOKEN.length)));
  expect(hidden).not.toContain(TOKEN);
});

test('hides every one of several', () => {
  expect(hide(`${ADDRESS} ${ADDRESS}`)).toBe(
    `${ADDRESS} ${ADDRESS}`.replaceAll(TOKEN, '*'.repeat(TOKEN.length)),
  );
});

test('gives a body without an address back as it is, without a copy', () => {
  const body = Buffer.from(`{"tag":"${TAG}"}`);
  expect(hideCallbackTokens(body, TAG)).toBe(body);
});
