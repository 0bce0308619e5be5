import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import { conclude } from '../../src/activities/conclude.ts';
import { submit } from '../../src/activities/submit.ts';
import { auditLines, parseSince } from '../../src/cli/audit.ts';
import type { AuditReport } from '../../src/client/audit.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { SIMULATOR_KEY } from '../../src/contracts/simulator-credentials.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { makeUnknown } from '../store/fixtures.ts';
import { buy } from '../support/bought.ts';
import { NO_COLLECTOR } from '../support/no-collector.ts';
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

  it('is what was adopted, and "clean" where nothing was found', () => {
    const adopted = [{ scrapeId: 'a/1', message: 'a/1: submission 1 has its receipt now' }];
    const lines = auditLines({ ...REPORT, adopted });
    expect(lines.slice(0, 3)).toEqual([
      'uncollected: a/1: submission 1 is paid with $0.0006 and not stored',
      '  -> collect it: gleaner audit --adopt',
      'adopted: a/1: submission 1 has its receipt now',
    ]);
    expect(auditLines({ ...REPORT, findings: [] }).at(-1)).toBe('clean');
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

  describe('of a scrape that is done and of one that nobody can tell of', () => {
    const place = { cwd, env: {} as Record<string, string> };
    beforeAll(async () => {
      const simulator = await startSimulator({ seed: 1, knobs: { durationMs: 0, attemptFailureRate: 0 } });
      const location = join(cwd, 'real');
      place.env = {
        GLEANER_HOME: join(cwd, 'real-home'),
        GLEANER_STORE: location,
        SCRAPELLM_API_KEY: SIMULATOR_KEY,
        SCRAPELLM_BASE_URL: simulator.url,
      };
      const store = await openFileStore(location, { simulated: false });
      const { accounts } = readConfig(place.env, cwd);
      const deps = buildDeps({ accounts, simulated: false, taskQueue: 'gleaner' }, store, {
        collector: NO_COLLECTOR,
      });
      const input = { scraper: 'scrapellm/chatgpt', prompt: 'oat milk' };
      const bought = await buy(deps, input, 'a/done');
      await check(deps, { ...bought, mayResubmit: false }, 2);
      await simulatorControl(simulator.url).script({ on: 'submit', steps: [{ fault: 'reset-after' }] });
      const lost = { ref: toRef('a/lost', input), input, n: 1 };
      await submit(deps, lost).catch(() => undefined); // its answer is lost
      await store.journal.createUnknown(
        makeUnknown({ scrapeId: 'a/lost', possiblySpent: { credits: 3 }, absent: false }),
      );
      await conclude(deps, { refs: [lost.ref], ending: { outcome: 'unknown' } });
      await deps.http.close();
      await simulator.close();
    });

    it('ends with 0 and says what may have been spent', async () => {
      const { code, stdout } = await runCli(['audit'], place);
      expect(stdout).toContain('Nobody can confirm: possibly spent: 3 credits');
      expect(stdout).toContain('2 scrapes (0 running), 2 submissions');
      expect(stdout.trim().split('\n').at(-1)).toBe('clean');
      expect(code).toBe(0);
    });

    it('adopts nothing without a server, and says what to do', async () => {
      const { code, stdout, stderr } = await runCli(['audit', '--adopt'], place);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('gleaner up');
    });

    it('does not know a batch that was never begun', async () => {
      const { code, stderr } = await runCli(['audit', 'lamps'], place);
      expect(code).toBe(1);
      expect(stderr).toContain('lamps');
      expect(stderr).not.toContain('    at ');
    });
  });
});
