import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { problems } from './config-support.ts';

let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'gleaner-caps-'));
  mkdirSync(join(cwd, '.gleaner'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function writeCaps(caps: unknown): void {
  writeFileSync(join(cwd, '.gleaner', 'config.json'), JSON.stringify({ caps }));
}

describe('caps of accounts', () => {
  test('are for a day and a month, in credits and in dollars', () => {
    writeCaps({
      'scrapellm/default': { dayCredits: 300, monthCredits: 6_000 },
      'dataforseo/default': { monthUsd: 12.5 },
    });
    const env = { SCRAPELLM_API_KEY: 'k0', DATAFORSEO_LOGIN: 'a', DATAFORSEO_PASSWORD: 'b' };
    expect(readConfig(env, cwd).accounts).toMatchObject([
      { provider: 'scrapellm', caps: { day: { credits: 300 }, month: { credits: 6_000 } } },
      { provider: 'dataforseo', caps: { month: { usdMicros: 12_500_000 } } },
    ]);
  });

  test('are not there unless somebody sets them', () => {
    writeCaps({});
    const [account] = readConfig({ SCRAPELLM_API_KEY: 'k0' }, cwd).accounts;
    expect(account).toBeDefined();
    expect(account).not.toHaveProperty('caps');
  });

  test('of the simulator may stand beside those of real accounts, and each holds where it serves', () => {
    writeCaps({ 'scrapellm/default': { dayCredits: 1 }, 'scrapellm/simulator': { dayCredits: 2 } });
    expect(readConfig({ SCRAPELLM_API_KEY: 'k0' }, cwd).accounts).toMatchObject([
      { name: 'default', caps: { day: { credits: 1 } } },
    ]);
    expect(readConfig({}, cwd).accounts[0]).toMatchObject({
      name: 'simulator',
      caps: { day: { credits: 2 } },
    });
  });

  test('of an account that is not there are refused, since somebody relies on them', () => {
    writeCaps({ 'scrapellm/emea': { dayCredits: 300 } });
    expect(problems({ SCRAPELLM_API_KEY: 'k0' }, cwd)).toEqual([
      'caps.scrapellm/emea: no such account; there is scrapellm/default',
    ]);
  });

  test.each([
    [{ 'scrapellm/default': { dayCredit: 3 } }, /unknown field\. Did you mean "dayCredits"\?/],
    [{ 'scrapellm/default': { dayCredits: 1.5 } }, /dayCredits.* must be a whole number, 0 or more, not 1.5/],
    [{ 'scrapellm/default': { monthUsd: 0.000_000_1 } }, /monthUsd.* must be dollars, 0 or more/],
    [{ 'scrapellm/default': 3 }, /must be an object such as/],
    [[], /must be an object such as/],
  ])('that are wrong (%j) are named', (caps, message) => {
    writeCaps(caps);
    expect(problems({ SCRAPELLM_API_KEY: 'k0' }, cwd)).toMatchObject([expect.stringMatching(message)]);
  });
});
