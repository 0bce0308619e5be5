import { describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { createAuditBench } from './audit-bench.ts';
import type { AuditBench } from './audit-bench.ts';

const ID = 'scrape/test/1';

/** Bought after the audit had asked what runs; `end` collects it, once. */
async function begunLate(): Promise<{ bench: AuditBench; end: () => Promise<void> }> {
  const bench = await createAuditBench();
  const scraper = 'dataforseo/google-images';
  const receipt = await bench.buy(ID, scraper);
  const ref = toRef(ID, { scraper, prompt: `question of ${ID}` });
  let collected: Promise<unknown> | undefined;
  const end = async (): Promise<void> => {
    collected ??= check(bench.deps, { ref, receipt, mayResubmit: false }, 2);
    await collected;
  };
  return { bench, end };
}

describe('a scrape that began after the audit', () => {
  it('and ended between its reading and the question whether it runs is no finding', async () => {
    const { bench, end } = await begunLate();
    const stateOf = async () => {
      await end();
      return 'ended' as const;
    };
    const audit = await bench.audit({ workflows: { wasRunning: () => false, stateOf } });
    expect(audit).toMatchObject({ findings: [], checked: { scrapes: 1, running: 0 } });
    expect(audit.facts.scrapes[0]?.record?.outcome).toBe('done');
  });

  it('and ended between the readings of its journal and its record is no finding', async () => {
    const { bench, end } = await begunLate();
    const { journal } = bench.store;
    const readAll: typeof journal.readAll = async (scrapeId) => {
      const before = await journal.readAll(scrapeId);
      await end();
      return before;
    };
    const store = { ...bench.store, journal: { ...journal, readAll } };
    expect((await bench.audit({ store, accounts: [] })).findings).toEqual([]);
  });

  it('and runs is left alone', async () => {
    const { bench } = await begunLate();
    const workflows = { wasRunning: () => false, stateOf: async () => 'running' as const };
    expect(await bench.audit({ workflows })).toMatchObject({ findings: [], checked: { running: 1 } });
  });

  it('and is still open when nobody is at it is a finding', async () => {
    const { bench } = await begunLate();
    expect((await bench.audit()).findings).toMatchObject([{ code: 'uncollected', scrapeId: ID }]);
  });
});
