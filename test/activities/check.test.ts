import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import { buy, openShop } from '../support/bought.ts';

const QUESTION: ScrapeInput = { scraper: 'scrapellm/chatgpt', prompt: 'oat milk' };
const HOUR_MS = 3_600_000;

describe('a paid task', () => {
  it('that the provider does not know for a while is not given up while its result can be had', async () => {
    const { deps, control } = await openShop({ knobs: { durationMs: 0 } });
    const { ref, receipt } = await buy(deps, QUESTION);
    await control.script({ on: 'poll', steps: [{ fault: 'not-found' }] });
    const look = () => check(deps, { ref, receipt, mayResubmit: false }, 2);
    await expect(look()).rejects.toMatchObject({ type: 'Pending' });
    expect(await look()).toMatchObject({ kind: 'ended', record: { outcome: 'done' } });
  });

  it('is given up with its exact money once the provider has forgotten it, and not before', async () => {
    const { deps, control } = await openShop({ knobs: { durationMs: 25 * HOUR_MS } });
    const { ref, receipt } = await buy(deps, QUESTION);
    const look = () => check(deps, { ref, receipt, mayResubmit: false }, 2);
    await control.advance(23 * HOUR_MS);
    await expect(look()).rejects.toMatchObject({ type: 'Pending' });
    await control.advance(2 * HOUR_MS);
    expect(await look()).toMatchObject({
      kind: 'ended',
      record: { outcome: 'expired', charge: { credits: 3 }, possiblySpent: {} },
    });
  });

  it('is looked at where it was bought, and nowhere else', async () => {
    const shop = await openShop({ knobs: { durationMs: 0 } });
    const { ref, receipt } = await buy(shop.deps, QUESTION);
    const elsewhere = { ...receipt, endpoint: 'https://other.example' };
    const look = check(shop.deps, { ref, receipt: elsewhere, mayResubmit: false }, 2);
    await expect(look).rejects.toMatchObject({ type: 'AccountBlocked' });
    expect((await shop.control.ledger()).jobs).toMatchObject([{ collected: 0 }]);
  });
});

/** Collected; then its verdict is lost, and the provider forgets it. */
async function collected() {
  const { deps, control } = await openShop({ knobs: { durationMs: 0 } });
  const { ref, receipt } = await buy(deps, QUESTION);
  const look = () => check(deps, { ref, receipt, mayResubmit: false }, 2);
  const ended = await look();
  if (ended.kind !== 'ended') throw new Error(ended.kind);
  const tag = deps.store.journal.tag(ref.scrapeId, 1);
  const folder = join(deps.store.location, 'journal', tag.slice(-26, -24), tag);
  await rm(join(folder, 'verdict.json'));
  await control.advance(26 * HOUR_MS);
  return { deps, look, record: ended.record, stored: () => deps.store.records.read(ref.scrapeId) };
}

describe('a record with a result whose verdict was lost', () => {
  it('is not replaced by what a provider says that has forgotten the task', async () => {
    const { look, record, stored } = await collected();
    expect(await look()).toEqual({ kind: 'ended', record });
    expect(await stored()).toEqual(record);
  });

  it('takes in what the journal tells of more money', async () => {
    const { deps, look, record, stored } = await collected();
    const cheaper: ScrapeRecord = { ...record, charge: { credits: 1 } };
    await deps.store.records.write(cheaper);
    expect(await look()).toEqual({ kind: 'ended', record });
    expect(await stored()).toEqual(record);
  });
});
