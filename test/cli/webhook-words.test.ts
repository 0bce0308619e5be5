import { describe, expect, it } from 'vitest';
import { webhookAdvice, webhooksProblem } from '../../src/cli/webhook-words.ts';
import { readConfig } from '../../src/config/read-config.ts';

const SECRET = 'a-secret-of-sixteen-or-more';
const many = (count: number, scraper = 'dataforseo/google-organic'): string[] =>
  Array<string>(count).fill(scraper);

const problem = (env: Record<string, string>): string | undefined => webhooksProblem(readConfig(env, '/'));

describe('advice before a batch', () => {
  it('recommends webhooks above a thousand tasks a minute', () => {
    expect(webhookAdvice(many(5_000), { window: 1_500 })).toMatch(
      /^up to 1500 tasks a minute: above 1000 dataforseo recommends postbacks .* GLEANER_WEBHOOK_URL/,
    );
  });

  it.each([
    ['a batch that is small', many(1_000), { window: 2_000 }],
    ['a window that is small', many(5_000), { window: 1_000 }],
    ['the default window of a mixed batch', [...many(5_000), 'scrapellm/chatgpt'], {}],
    ['a provider that calls nobody', many(5_000, 'scrapellm/chatgpt'), { window: 2_000 }],
    ['webhooks', many(5_000), { window: 2_000, webhookUrl: 'https://gleaner.example' }],
  ])('says nothing with %s', (_, scrapers, options) => {
    expect(webhookAdvice(scrapers, options)).toBeUndefined();
  });
});

describe('a receiver', () => {
  const account = { DATAFORSEO_LOGIN: 'me', DATAFORSEO_PASSWORD: 'x' };

  it('needs an account of a provider that calls back', () => {
    expect(problem({ GLEANER_HOME: '/tmp', SCRAPELLM_API_KEY: 'x' })).toContain(
      'no account here is of a provider',
    );
  });

  it('needs an address for a provider elsewhere, and none for the simulator', () => {
    expect(problem({ GLEANER_HOME: '/tmp', ...account })).toContain('set GLEANER_WEBHOOK_URL');
    const url = { GLEANER_WEBHOOK_URL: 'https://gleaner.example', GLEANER_WEBHOOK_SECRET: SECRET };
    expect(problem({ GLEANER_HOME: '/tmp', ...account, ...url })).toBeUndefined();
    expect(problem({ GLEANER_HOME: '/tmp' })).toBeUndefined();
  });
});
