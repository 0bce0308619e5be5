import { describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import type { CheckResult } from '../../src/activities/check.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { describeRecord } from '../../src/cli/show-scrape.ts';
import { readVariants } from '../../src/client/result-variants.ts';
import type { Receipt } from '../../src/contracts/journal.ts';
import type { ScrapeInput, ScrapeRecord, ScrapeRef } from '../../src/contracts/scrape.ts';
import type { Http } from '../../src/providers/http.ts';
import type { Store } from '../../src/store/store.ts';
import { buy, openShop } from '../support/bought.ts';
import type { Shop } from '../support/bought.ts';

const DAY_MS = 24 * 3_600_000;
const ORGANIC: ScrapeInput = {
  scraper: 'dataforseo/google-organic',
  prompt: 'oat milk',
  params: { variants: 'html,regular,advanced' },
};

const look = (deps: ActivityDeps, bought: { ref: ScrapeRef; receipt: Receipt }): Promise<CheckResult> =>
  check(deps, { ...bought, mayResubmit: false }, 2);

async function recordOf(result: Promise<CheckResult>): Promise<ScrapeRecord> {
  const ended = await result;
  if (ended.kind !== 'ended') throw new Error(`it has not ended: ${ended.kind}`);
  return ended.record;
}

/** How often each form was fetched, and how many tasks were bought. */
async function fetched({ control }: Shop) {
  const { tasks } = await control.dataforseo.ledger();
  return { tasks: tasks.length, ...tasks[0]?.fetched };
}

const text = (body: Uint8Array): string => new TextDecoder().decode(body);

describe('a task with several forms', () => {
  it('is collected once in each, free, the richest as its result', async () => {
    const shop = await openShop();
    const bought = await buy(shop.deps, ORGANIC);
    const record = await recordOf(look(shop.deps, bought));
    expect(record).toMatchObject({
      outcome: 'done',
      charge: { usdMicros: 600 },
      result: { normalized: true, variants: [{ variant: 'regular' }, { variant: 'html' }] },
    });
    expect(await fetched(shop)).toEqual({ tasks: 1, advanced: 1, regular: 1, html: 1 });
    const { results } = shop.deps.store;
    for (const form of record.result?.variants ?? []) {
      const body = text(await results.readRaw(form));
      expect(body).toContain(`"task_get","${form.variant}"`);
      expect(form.path).toContain(`.${form.variant}.raw.gz`);
    }
    expect(await shop.deps.store.records.read(record.scrapeId)).toEqual(record);
  });

  it.each([1, 2])('that loses its worker after form %d is collected whole by the next look', async (nth) => {
    const shop = await openShop();
    const bought = await buy(shop.deps, ORGANIC);
    let stored = 0;
    const dying = shop.with({
      fault: (point) => {
        if (point === 'check:variant-stored' && ++stored === nth) throw new Error('killed');
      },
    });
    await expect(look(dying, bought)).rejects.toThrow('killed');
    expect(await shop.deps.store.records.read(bought.ref.scrapeId)).toBeUndefined();
    const { result } = await recordOf(look(shop.deps, bought));
    expect(result?.variants?.map(({ variant }) => variant)).toEqual(['regular', 'html']);
    for (const form of result?.variants ?? []) await shop.deps.store.results.readRaw(form);
    expect(await fetched(shop)).toMatchObject({ tasks: 1 });
    // The verdict is there: nothing is asked for again.
    const before = await fetched(shop);
    await recordOf(look(shop.deps, bought));
    expect(await fetched(shop)).toEqual(before);
  });

  it('waits for a form that comes late, and asks for all of them again', async () => {
    const shop = await openShop();
    const bought = await buy(shop.deps, ORGANIC);
    const without = shop.with({ http: lacking(shop.deps.http, 'html') });
    await expect(look(without, bought)).rejects.toThrow(/ready, but not yet as html; next look in/);
    expect(await check(without, { ...bought, mayResubmit: false, once: true }, 1)).toEqual({
      kind: 'pending',
    });
    const { result } = await recordOf(look(shop.deps, bought));
    expect(result?.variants).toHaveLength(2);
  });

  it('is recorded without a form that the provider turns out not to have', async () => {
    const shop = await openShop();
    const bought = await buy(shop.deps, ORGANIC);
    await shop.control.advance(2 * 3_600_000);
    const { outcome, result } = await recordOf(
      look(shop.with({ http: lacking(shop.deps.http, 'html') }), bought),
    );
    expect(outcome).toBe('done');
    expect(result?.variants?.map(({ variant }) => variant)).toEqual(['regular']);
  });

  it('is looked at again while a form cannot be asked for', async () => {
    const shop = await openShop();
    const bought = await buy(shop.deps, ORGANIC);
    const send: Http['send'] = (request, options) =>
      request.url.includes('/html/')
        ? Promise.resolve({ kind: 'lost', message: 'the connection broke' })
        : shop.deps.http.send(request, options);
    const broken = shop.with({ http: { ...shop.deps.http, send } });
    await expect(look(broken, bought)).rejects.toMatchObject({ type: 'NetworkError' });
    expect((await recordOf(look(shop.deps, bought))).result?.variants).toHaveLength(2);
  });
});

describe('a form that is asked for', () => {
  it('after 8 days is gone, the other one is offered, and nothing is bought', async () => {
    const shop = await openShop();
    const bought = await buy(shop.deps, ORGANIC);
    await shop.control.advance(8 * DAY_MS);
    const record = await recordOf(look(shop.deps, bought));
    expect(record.result?.variants?.map(({ variant }) => variant)).toEqual(['regular']);
    const now = new Date(Date.parse(bought.receipt.submittedAt) + 8 * DAY_MS);
    await expect(bodiesOf(shop.deps.store, record.scrapeId, 'html', now)).rejects.toMatchObject({
      kind: 'no-variant',
      message:
        'scrape/test/1 has no html: it is gone, dataforseo keeps it for 7 days. There is: ' +
        'gleaner results scrape/test/1 --variant advanced, gleaner results scrape/test/1 --variant regular. Nothing was bought',
    });
    expect(await fetched(shop)).toMatchObject({ tasks: 1, advanced: 1, html: 0 });
    const [main] = await bodiesOf(shop.deps.store, record.scrapeId, 'advanced', now);
    expect(main).toContain('"task_get","advanced"');
  });

  it('after 8 days, and was the only one, is replaced by the one that is still kept, and that is said', async () => {
    const shop = await openShop();
    const bought = await buy(shop.deps, { ...ORGANIC, params: { variants: 'html' } });
    await shop.control.advance(8 * DAY_MS);
    const send: Http['send'] = (request, options) =>
      request.url.includes('/advanced/')
        ? Promise.resolve({ kind: 'lost', message: 'the connection broke' })
        : shop.deps.http.send(request, options);
    const broken = shop.with({ http: { ...shop.deps.http, send } });
    await expect(look(broken, bought)).rejects.toMatchObject({ type: 'NetworkError' });
    const record = await recordOf(look(shop.deps, bought));
    expect(record).toMatchObject({
      outcome: 'done',
      charge: { usdMicros: 600 },
      result: {
        normalized: true,
        instead: {
          variant: 'advanced',
          why: 'html is gone: dataforseo keeps it for 7 days, and it could not be collected in that time',
        },
      },
    });
    expect(describeRecord(record).join()).toContain('as advanced: html is gone');
    const now = new Date(Date.parse(bought.receipt.submittedAt) + 8 * DAY_MS);
    const { store } = shop.deps;
    await expect(bodiesOf(store, record.scrapeId, 'html', now)).rejects.toThrow(
      'has no html: it is gone, dataforseo keeps it for 7 days. There is: ' +
        'gleaner results scrape/test/1 --variant advanced. Nothing was bought',
    );
    const [main] = await bodiesOf(store, record.scrapeId, 'advanced', now);
    expect(main).toContain('"task_get","advanced"');
    expect(await store.records.read(record.scrapeId)).toEqual(record);
    expect(await fetched(shop)).toEqual({ tasks: 1, advanced: 1, html: 0, regular: 0 });
  });

  it('expires when nothing of it is kept any more', async () => {
    const shop = await openShop();
    const bought = await buy(shop.deps, { ...ORGANIC, params: { variants: 'html' } });
    await shop.control.advance(31 * DAY_MS);
    expect(await recordOf(look(shop.deps, bought))).toMatchObject({ outcome: 'expired' });
    expect(await fetched(shop)).toMatchObject({ tasks: 1, advanced: 0 });
  });

  it('and was not when it was bought says how it could have been', async () => {
    const shop = await openShop();
    const bought = await buy(shop.deps, { ...ORGANIC, params: {} });
    await recordOf(look(shop.deps, bought));
    const now = new Date(bought.receipt.submittedAt);
    const asked = bodiesOf(shop.deps.store, bought.ref.scrapeId, 'html', now);
    await expect(asked).rejects.toThrow(/was not asked for.*--param variants=advanced,html. There is: /);
    await expect(bodiesOf(shop.deps.store, bought.ref.scrapeId, 'pdf', now)).rejects.toThrow(
      'dataforseo/google-organic does not come in that form',
    );
  });

  it('of a scraper that has one only is said to be none', async () => {
    const shop = await openShop({ knobs: { durationMs: 0, attemptFailureRate: 0 } });
    const bought = await buy(shop.deps, { scraper: 'scrapellm/chatgpt', prompt: 'oat milk' });
    await shop.control.ready();
    const record = await recordOf(look(shop.deps, bought));
    expect(record.result).not.toHaveProperty('variants');
    await expect(bodiesOf(shop.deps.store, record.scrapeId, 'html', new Date())).rejects.toThrow(
      'scrapellm/chatgpt does not come in that form. Nothing was bought',
    );
  });
});

async function bodiesOf(store: Store, id: string, variant: string, now: Date): Promise<string[]> {
  const bodies: string[] = [];
  for await (const { body } of readVariants(store, id, variant, { now, skipped: fail }))
    bodies.push(text(body));
  return bodies;
}

function fail(error: Error): void {
  throw error;
}

/** The provider says that it does not know the task in this form. */
function lacking(http: Http, variant: string): Http {
  return {
    ...http,
    send: async (request, options) => {
      const outcome = await http.send(request, options);
      if (outcome.kind !== 'reply' || !request.url.includes(`/${variant}/`)) return outcome;
      const task = { id: '', status_code: 40_401, status_message: 'Task Not Found.', result: null };
      const body = { status_code: 20_000, status_message: 'Ok.', tasks: [task] };
      return { kind: 'reply', reply: { ...outcome.reply, body: Buffer.from(JSON.stringify(body)) } };
    },
  };
}
