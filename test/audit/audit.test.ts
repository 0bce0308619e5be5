import { describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import { conclude } from '../../src/activities/conclude.ts';
import { adoptFound } from '../../src/audit/adopt-found.ts';
import type { WorkflowFact } from '../../src/ledger/audit-facts.ts';
import { createAuditBench, found } from './audit-bench.ts';

const ID = 'scrape/test/1';
const over = (state: WorkflowFact) => ({
  workflows: { wasRunning: () => false, stateOf: async () => state },
});

describe('an audit of what is as it should be', () => {
  it('is clean, changes no byte of the store, and makes free calls alone, within their limits', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.scrape('scrape/test/2', { scraper: 'dataforseo/gemini' });
    await bench.control.dataforseo.foreign({ family: 'google_images', count: 5 });
    const [bytes, callsBefore] = [
      await bench.digest(),
      (await bench.control.dataforseo.calls()).calls.length,
    ];
    const audit = await bench.audit();
    expect(audit).toMatchObject({
      findings: [],
      notes: [],
      checked: { scrapes: 2, submissions: 2, running: 0, purchases: 2 },
      spend: { charge: { usdMicros: 1_800 } },
    });
    expect(await bench.digest()).toBe(bytes);
    const calls = (await bench.control.dataforseo.calls()).calls.slice(callsBefore);
    expect(new Set(calls.map(({ call }) => call))).toEqual(
      new Set(['user_data', 'id_list', 'tasks_ready', 'errors']),
    );
    expect(calls.filter(({ overLimit }) => overLimit)).toEqual([]);
  });

  it('has nothing to say of scrapes that run', async () => {
    const bench = await createAuditBench();
    await bench.buy(ID);
    await bench.lose('scrape/test/2', 'drop-after');
    const running = { wasRunning: () => true, stateOf: async () => 'running' as const };
    expect(await bench.audit({ workflows: running })).toMatchObject({
      findings: [],
      checked: { running: 2 },
    });
  });

  it('takes what the provider gives back for no difference, and names what it withholds', async () => {
    const bench = await createAuditBench({ aiOverviewRate: 0 });
    await bench.scrape('paid-back', { scraper: 'dataforseo/google-ai-overview' });
    const steps = [{ faults: ['refund-withheld' as const] }];
    await bench.control.dataforseo.script({ on: 'task', keyword: 'question of withheld', steps });
    await bench.scrape('withheld', { scraper: 'dataforseo/google-ai-overview' });
    const audit = await bench.audit();
    expect(found(audit)).toEqual(['refund-owed withheld']);
    expect(audit.findings[0]).toMatchObject({ charge: { usdMicros: 600 } });
  });

  it('tells a refund that came before a lost receipt was adopted from one that is withheld', async () => {
    const bench = await createAuditBench({ aiOverviewRate: 0 });
    const steps = [{ faults: ['refund-withheld' as const] }];
    await bench.control.dataforseo.script({ on: 'task', keyword: 'question of withheld', steps });
    for (const id of ['paid-back', 'withheld']) {
      const ref = await bench.lose(id, 'drop-after', 'dataforseo/google-ai-overview');
      await adoptFound(bench.store, [bench.account], await bench.audit());
      const receipt = (await bench.store.journal.read(id, 1))?.receipt;
      if (!receipt) throw new Error(`${id} was not adopted`);
      expect(receipt).toMatchObject({ listedAtEnd: true });
      await check(bench.deps, { ref, receipt, mayResubmit: false }, 2);
    }
    const audit = await bench.audit();
    expect(found(audit)).toEqual(['refund-owed withheld']);
    expect(audit.findings[0]).toMatchObject({ charge: { usdMicros: 600 } });
  });
});

describe('an audit of what was damaged by hand', () => {
  it('names a record that is missing', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/^records\//);
    expect(found(await bench.audit())).toEqual([`record-missing ${ID}`]);
  });

  it('names a result that is missing', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/raw\.gz$/);
    const { findings } = await bench.audit();
    expect(findings).toMatchObject([{ code: 'result-damaged', scrapeId: ID, charge: { usdMicros: 600 } }]);
    expect(findings[0]?.message).toContain('it is missing');
  });

  it('names a result of which one byte is another', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.change(/raw\.gz$/, (body) => {
      const middle = body.length >> 1;
      return Buffer.from(body.map((byte, at) => (at === middle ? byte ^ 1 : byte)));
    });
    expect(found(await bench.audit())).toEqual([`result-damaged ${ID}`]);
  });

  it('names a receipt that is missing, with what the provider shows of the purchase', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/receipt\.json$/);
    const { findings } = await bench.audit();
    expect(findings).toMatchObject([{ code: 'lost-purchase', scrapeId: ID, charge: { usdMicros: 600 } }]);
    expect(findings[0]?.message).toContain('its receipt is missing');
  });

  it('names a missing receipt also where no provider can be asked', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/receipt\.json$/);
    expect(found(await bench.audit({ accounts: [] }))).toEqual([`receipt-missing ${ID}`]);
  });

  it('names a task with a mark of ours that no journal knows', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    const tag = bench.store.journal.tag('never-was', 1);
    await bench.post(tag);
    const { findings } = await bench.audit();
    expect(findings).toMatchObject([{ code: 'orphan', charge: { usdMicros: 600 } }]);
    expect(findings[0]?.message).toContain(tag);
  });

  it('names the scrape of a purchase whose journal is gone, as far as its record tells', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/^journal\//);
    expect(found(await bench.audit())).toEqual([`orphan ${ID}`, `journal-missing ${ID}`]);
  });

  it.each([1, -1])('names a price in a receipt that is %i micro-dollar off', async (off) => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.edit(/receipt\.json$/, (receipt) => (receipt['charge'] = { usdMicros: 600 + off }));
    const { findings } = await bench.audit();
    expect(findings).toMatchObject([{ code: 'price-difference', scrapeId: ID, charge: { usdMicros: 1 } }]);
  });

  it('names a failed scrape that the list shows for less, unless all of it came back', async () => {
    const bench = await createAuditBench({ refundExecutionFailed: true });
    const steps = [{ faults: ['engine-error' as const] }, { faults: ['execution-failed' as const] }];
    await bench.control.dataforseo.script({ on: 'task', steps });
    await bench.scrape('billed');
    await bench.scrape('given-back');
    const [list] = (await bench.audit()).facts.accounts[0]?.lists.filter(({ rows }) => rows.length > 0) ?? [];
    expect(list?.rows.map(({ charge }) => charge)).toEqual([{ usdMicros: 600 }, {}]);
    expect(found(await bench.audit())).toEqual([]);
    await bench.edit(new RegExp(`${bench.store.journal.tag('billed', 1)}/receipt`), (receipt) => {
      receipt['charge'] = { usdMicros: 700 };
    });
    expect(found(await bench.audit())).toEqual(['price-difference billed']);
  });

  it('names a scrape that was terminated, with what is paid and not collected', async () => {
    const bench = await createAuditBench();
    await bench.buy(ID);
    const { findings } = await bench.audit(over('terminated'));
    expect(findings).toMatchObject([{ code: 'terminated', scrapeId: ID, charge: { usdMicros: 600 } }]);
    expect(findings[0]?.message).toContain('paid and not collected');
    expect(found(await bench.audit(over('gone')))).toEqual([`terminated ${ID}`]);
  });

  it('names what is ready and not stored, where Temporal cannot be asked', async () => {
    const bench = await createAuditBench();
    await bench.buy(ID);
    const { findings } = await bench.audit(over('unasked'));
    expect(findings).toMatchObject([{ code: 'uncollected', scrapeId: ID, charge: { usdMicros: 600 } }]);
    expect(findings[0]?.message).toContain('ready at the provider');
  });

  it('names a verdict that is missing', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/verdict\.json$/);
    expect(found(await bench.audit())).toEqual([`verdict-missing ${ID}`]);
  });

  it('names a charge in a record that its journal does not have', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.edit(/^records\//, (record) => (record['charge'] = { usdMicros: 599 }));
    const { findings } = await bench.audit();
    expect(findings).toMatchObject([{ code: 'record-differs', scrapeId: ID }]);
    expect(findings[0]?.message).toContain('charge is {"usdMicros":599} instead of {"usdMicros":600}');
  });

  it('names a mark that was bought twice, and what the second purchase cost', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.post(bench.store.journal.tag(ID, 1));
    const { findings } = await bench.audit();
    expect(findings).toMatchObject([{ code: 'duplicate', scrapeId: ID, n: 1, charge: { usdMicros: 600 } }]);
  });

  it('names a purchase that the journal believes unknown, absent or refused', async () => {
    const bench = await createAuditBench();
    await bench.lose(ID, 'drop-after');
    expect(found(await bench.audit())).toContain(`lost-purchase ${ID}`);
    const key = { scrapeId: ID, n: 1, message: 'wrongly', at: new Date().toISOString() };
    await bench.store.journal.createUnknown({ ...key, possiblySpent: {}, absent: true });
    const { findings } = await bench.audit();
    expect(findings[0]).toMatchObject({ code: 'lost-purchase', charge: { usdMicros: 600 } });
    expect(findings[0]?.message).toContain('written down as not bought');
  });

  it('notes, with its bound, a purchase of unknown outcome that no list shows', async () => {
    const bench = await createAuditBench();
    const ref = await bench.lose(ID, 'drop-before');
    const key = { scrapeId: ID, n: 1, message: 'nobody can tell', at: new Date().toISOString() };
    const doubt = { ...key, possiblySpent: { usdMicros: 600 }, absent: false };
    await bench.store.journal.createUnknown(doubt);
    await conclude(bench.deps, { refs: [ref], ending: { outcome: 'unknown' } });
    const audit = await bench.audit();
    expect(audit.findings).toEqual([]);
    expect(audit.notes).toEqual([
      `unknown whether it was bought, and in no list of purchases that was read: ${ID} (submission 1). At most $0.0006 were spent, and count as spent`,
    ]);
  });

  it('names a receipt whose task the provider does not list', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    const taskId = '01010101-0000-0066-0000-000000000000';
    await bench.edit(/receipt\.json$/, (receipt) => (receipt['taskId'] = taskId));
    expect(found(await bench.audit())).toEqual([`duplicate ${ID}`, `not-listed ${ID}`]);
  });

  it('names a journal entry that cannot be read', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.change(/0001-intent\.json$/, (body) => body.subarray(0, 40));
    const { findings } = await bench.audit();
    expect(findings).toMatchObject([{ code: 'store-damaged' }]);
    expect(findings[0]?.message).toContain('Do not delete it');
  });

  it('names an account that cannot be asked, and audits the rest', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/^records\//);
    const step = { fault: 'root-error' as const, code: 40_203 };
    await bench.control.dataforseo.script({ on: 'call', call: 'id_list', steps: [step] });
    const audit = await bench.audit();
    expect(found(audit)).toEqual([`record-missing ${ID}`, 'not-checked -']);
    expect(audit.findings[1]?.message).toContain('40203');
  });
});
