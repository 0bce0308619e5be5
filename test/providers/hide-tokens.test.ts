import { expect, it } from 'vitest';
import { hideTokens } from '../../src/providers/hide-tokens.ts';

it.each([
  ['Invalid API key: sk-live-0123456789', 'Invalid API key: [hidden]'],
  ['/jobs/3f7a2b1c-9e4d-4f8a-b2c1-7d6e5f4a3b2c', '/jobs/[hidden]'],
  ['key abcdefghijklmnopqrstuvwxyz', 'key [hidden]'],
  [
    'MODEL_MODE_EXPERT is not available in google_ai_mode',
    'MODEL_MODE_EXPERT is not available in google_ai_mode',
  ],
  ['/scrapers/chatgpt/jobs', '/scrapers/chatgpt/jobs'],
])('shows %j as %j', (text, shown) => {
  expect(hideTokens(text)).toBe(shown);
});
