import { describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import { submit } from '../../src/activities/submit.ts';
import { adoptFound } from '../../src/audit/adopt-found.ts';
import type { Adoption } from '../../src/audit/adopt-found.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { createAuditBench, found } from './audit-bench.ts';
import type { AuditBench } from './audit-bench.ts';

const ID = 'scrape/test/1';
const INPUT = { scraper: 'dataforseo/google-images', prompt: 'oat milk' };
const DAY_MS = 24 * 3_600_000;

/** A scrape that was bought twice: its first submission failed, and its second one too if `fails` says so. */
async function boughtTwice(bench: AuditBench, fails: 1 | 2): Promise<void> {
  const failing = { faults: ['engine-error' as const] };
  const steps = fails === 2 ? [failing, failing] : [failing];
  await bench.control.dataforseo.script({ on: 'task', keyword: INPUT.prompt, steps });
  const ref = toRef(ID, INPUT);
  for (const n of [1, 2]) {
    const bought = await submit(bench.deps, { ref, input: INPUT, n });
    if (bought.kind !== 'receipt') throw new Error(`not bought: ${bought.kind}`);
    await bench.advance(2_000);
    const result = await check(bench.deps, { ref, receipt: bought.receipt, mayResubmit: n === 1 }, 2);
    if (result.kind !== (n === 1 ? 'failed' : 'ended')) throw new Error(`submission ${n}: ${result.kind}`);
  }
}

async function adopt(bench: AuditBench): Promise<Adoption & { codes: string[]; next: string[] }> {
  const audit = await bench.audit();
  const adoption = await adoptFound(bench.store, [bench.account], audit);
  return { ...adoption, codes: found(audit), next: audit.findings.map(({ next }) => next) };
}

const folderOf = ({ store }: AuditBench, n: number): RegExp =>
  new RegExp(`^journal/../${store.journal.tag(ID, n)}/`);

describe('a verdict that is gone', () => {
  it('is written from the record while its result is whole, also when the provider has forgotten the task', async () => {
    const bench = await createAuditBench();
    const record = await bench.scrape(ID);
    const verdict = await bench.store.journal.readVerdict(ID, 1);
    await bench.remove(/verdict\.json$/);
    await bench.advance(40 * DAY_MS);
    const { codes, start, adopted } = await adopt(bench);
    expect(codes).toEqual([`verdict-missing ${ID}`]);
    expect(start).toEqual([]);
    expect(adopted).toEqual([
      { scrapeId: ID, message: `${ID}: its verdict is written anew from its record` },
    ]);
    expect(await bench.store.journal.readVerdict(ID, 1)).toEqual(verdict);
    expect(await bench.store.records.read(ID)).toEqual(record);
    expect(found(await bench.audit())).toEqual([]);
  });

  it('of a second submission is written with what that one cost', async () => {
    const bench = await createAuditBench();
    await boughtTwice(bench, 1);
    const verdict = await bench.store.journal.readVerdict(ID, 2);
    await bench.remove(new RegExp(`${folderOf(bench, 2).source}verdict\\.json$`));
    expect(await adopt(bench)).toMatchObject({ codes: [`verdict-missing ${ID}`], start: [] });
    expect(await bench.store.journal.readVerdict(ID, 2)).toEqual(verdict);
  });

  it('is collected again where the result is damaged too, while the provider keeps it', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/verdict\.json$|raw\.gz$/);
    const { codes, start } = await adopt(bench);
    expect(codes).toEqual([`verdict-missing ${ID}`, `result-damaged ${ID}`]);
    expect(start).toMatchObject([{ scrapeId: ID, input: { maxSubmissions: 1, maxUsd: 0 } }]);
    await bench.advance(40 * DAY_MS);
    const late = await adopt(bench);
    expect(late.start).toEqual([]);
    expect(late.next[0]).toContain('leaves the scrape as it is');
    expect(await bench.store.journal.readVerdict(ID, 1)).toBeUndefined();
  });

  it('of a submission that another one followed is left to a backup, and is no second purchase', async () => {
    const bench = await createAuditBench();
    await boughtTwice(bench, 1);
    const record = await bench.store.records.read(ID);
    await bench.remove(new RegExp(`${folderOf(bench, 1).source}verdict\\.json$`));
    expect(await adopt(bench)).toMatchObject({ codes: [`verdict-missing ${ID}`], start: [], adopted: [] });
    expect(await bench.store.records.read(ID)).toEqual(record);
  });
});

describe('a journal that has lost a submission', () => {
  it.each([1, 2] as const)(
    'is named with what its record alone knows, and left (%i failed)',
    async (fails) => {
      const bench = await createAuditBench();
      await boughtTwice(bench, fails);
      const record = await bench.store.records.read(ID);
      expect(record).toMatchObject({ outcome: fails === 1 ? 'done' : 'failed', submissions: 2 });
      await bench.remove(folderOf(bench, 2));
      const audit = await bench.audit({ accounts: [] });
      expect(audit.findings).toMatchObject([
        { code: 'journal-missing', scrapeId: ID, charge: { usdMicros: 600 } },
      ]);
      expect(audit.findings[0]?.message).toContain('only 1 of them');
      const { codes, start, adopted } = await adopt(bench);
      expect(codes).toEqual([`orphan ${ID}`, `journal-missing ${ID}`]);
      expect([start, adopted]).toEqual([[], []]);
      expect(await bench.store.records.read(ID)).toEqual(record);
    },
  );
});

describe('a record', () => {
  it('that tells of more money than its journal is not written anew', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.edit(/^records\//, (record) => (record['charge'] = { usdMicros: 1_200 }));
    const { codes, start, next } = await adopt(bench);
    expect({ codes, start }).toEqual({ codes: [`record-differs ${ID}`], start: [] });
    expect(next[0]).toContain('the journal never forgets a charge');
  });

  it('that tells of less is written anew', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.edit(/^records\//, (record) => (record['charge'] = {}));
    expect((await adopt(bench)).start).toMatchObject([{ scrapeId: ID }]);
  });

  it('whose receipt nobody shows any more is not written anew without what it cost', async () => {
    const bench = await createAuditBench();
    await bench.scrape(ID);
    await bench.remove(/receipt\.json$/);
    const adoption = await adoptFound(bench.store, [], await bench.audit({ accounts: [] }));
    expect(adoption).toEqual({ adopted: [], start: [] });
    const { start, adopted } = await adopt(bench);
    expect(adopted).toEqual([{ scrapeId: ID, message: `${ID}: submission 1 has its receipt now` }]);
    expect(start).toMatchObject([{ scrapeId: ID }]);
  });
});
