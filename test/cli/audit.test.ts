import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { auditLines, parseSince } from '../../src/cli/audit.ts';
import type { AuditReport } from '../../src/client/audit.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { runCli } from './run-cli.ts';

const REPORT: AuditReport = {
  clean: false,
  at: '2026-11-23T12:00:00.000Z',
  findings: [
    {
      code: 'uncollected',
      scrapeId: 'a/1',
      n: 1,
      charge: { usdMicros: 600 },
      message: 'a/1: submission 1 is paid with $0.0006 and not stored',
      next: 'collect it: gleaner audit --adopt',
    },
  ],
  notes: ['scrapellm has no list of purchases'],
  checked: { scrapes: 2, submissions: 3, running: 1, purchases: 2 },
  spend: { charge: { credits: 3, usdMicros: 600 }, possiblySpent: {}, refundExpected: { usdMicros: 600 } },
  accounts: [{ provider: 'dataforseo', account: 'default', said: 'takes the login; balance $9.0000' }],
  adopted: [],
};

describe('what an audit prints', () => {
  it('is each finding with what to do, what nobody can tell, and the sums', () => {
    expect(auditLines(REPORT)).toEqual([
      'uncollected: a/1: submission 1 is paid with $0.0006 and not stored',
      '  -> collect it: gleaner audit --adopt',
      'dataforseo/default takes the login; balance $9.0000',
      'note: scrapellm has no list of purchases',
      '2 scrapes (1 running), 3 submissions, 2 purchases of ours listed by providers · charged 3 credits + $0.0006, refunds expected $0.0006',
      '1 found',
    ]);
  });
});

describe('--since', () => {
  it('takes a day, a time, and how long ago', () => {
    expect(parseSince('2026-11-20')).toBe(Date.UTC(2026, 10, 20));
    const dayAgo = Date.now() - 86_400_000;
    expect(Math.abs(parseSince('24h') - dayAgo)).toBeLessThan(5_000);
    expect(Math.abs(parseSince('1d') - dayAgo)).toBeLessThan(5_000);
    expect(() => parseSince('lately')).toThrow('a day such as 2026-11-20');
  });
});

describe('gleaner audit', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'gleaner-audit-'));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it('ends with 3 for a record without a journal, and with JSON that names it, without a server', async () => {
    const env = {
      GLEANER_HOME: join(cwd, 'home'),
      SCRAPELLM_API_KEY: 'k'.repeat(30),
      GLEANER_STORE: join(cwd, 'store'),
    };
    const store = await openFileStore(env.GLEANER_STORE, { simulated: false });
    const place = { cwd, env };
    await store.records.write({
      scrapeId: 'a/1',
      scraper: 'scrapellm/chatgpt',
      market: 'US/en',
      account: 'default',
      outcome: 'done',
      submissions: 1,
      charge: { credits: 3 },
      possiblySpent: {},
      refundExpected: {},
      simulated: false,
    });
    const { code, stdout } = await runCli(['audit', '--json'], place);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      clean: false,
      findings: [{ code: 'journal-missing', scrapeId: 'a/1', charge: { credits: 3 } }],
    });
  });
});
