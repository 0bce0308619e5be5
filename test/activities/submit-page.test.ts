import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import type { PageRow } from '../../src/activities/page-row.ts';
import { recallPage } from '../../src/activities/recall-page.ts';
import { submit } from '../../src/activities/submit.ts';
import { submitPage } from '../../src/activities/submit-page.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { simulatedDataForSeo } from '../support/accounts.ts';

let folder: string;
let store: Store;
let simulator: Simulator;
let control: SimulatorControl;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-page-'));
  store = await openFileStore(join(folder, 'store'), { simulated: true });
  simulator = await startSimulator({ seed: 1, speed: 20, dataforseo: { knobs: { durationMs: 100 } } });
  control = simulatorControl(simulator.url);
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a page', () => {
  it('is bought in one call: a receipt each, in the order of its rows, and each in its own journal', async () => {
    const rows = newRows(100);
    const posts = await postCount();
    const outcomes = await submitPage(newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(rows.map(() => 'receipt'));
    expect(await postCount()).toBe(posts + 1);
    for (const [index, { scrapeId, input }] of rows.entries()) {
      const submission = await store.journal.read(scrapeId, 1);
      expect(outcomes[index]).toEqual({ kind: 'receipt', receipt: submission?.receipt, journalled: true });
      expect(await tasksOf(input)).toMatchObject([
        { id: submission?.receipt?.taskId, tag: submission?.intent.tag },
      ]);
    }
  });

  it('that is run again buys nothing and tells the same', async () => {
    const rows = newRows(5);
    const first = await submitPage(newDeps(), { rows });
    const posts = await postCount();
    expect(await submitPage(newDeps(), { rows })).toEqual(first);
    expect(await postCount()).toBe(posts);
  });

  it('that two workers run at once buys each scrape once', async () => {
    const rows = newRows(20);
    const both = await Promise.all([submitPage(newDeps(), { rows }), submitPage(newDeps(), { rows })]);
    for (const [index, { input }] of rows.entries()) {
      expect(await tasksOf(input)).toHaveLength(1);
      expect(both.map((outcomes) => outcomes[index]?.kind)).toContain('receipt');
    }
  });

  it('leaves a row to itself that cannot go with the others, and buys the others', async () => {
    const [good, other, tooLong, over, unknownAccount, used] = newRows(6) as [
      PageRow,
      PageRow,
      PageRow,
      PageRow,
      PageRow,
      PageRow,
    ];
    await submit(newDeps(), { ref: toRef(used.scrapeId, used.input), input: used.input, n: 1 });
    const rows = [
      good,
      { ...other, input: { ...other.input, scraper: 'dataforseo/bing-organic' } },
      { ...tooLong, input: { ...tooLong.input, prompt: 'x'.repeat(10_000) } },
      { ...over, input: { ...over.input, onUnknown: 'perhaps' as never } },
      { ...unknownAccount, input: { ...unknownAccount.input, account: 'nobody' } },
      { ...used, input: { ...used.input, prompt: 'another question' } },
    ];
    const outcomes = await submitPage(newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'receipt',
      'alone',
      'alone',
      'alone',
      'alone',
      'alone',
    ]);
  });

  it('leaves a row with a damaged journal alone', async () => {
    const rows = newRows(3);
    const deps = newDeps({
      store: {
        ...store,
        journal: {
          ...store.journal,
          readAll: (id) => (id === rows[1]?.scrapeId ? Promise.reject(damaged()) : store.journal.readAll(id)),
        },
      },
    });
    const outcomes = await submitPage(deps, { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['receipt', 'alone', 'receipt']);
  });
});

describe('a task that the provider refuses', () => {
  it('ends for good if it is wrong, and does not hurt its neighbours', async () => {
    const rows = newRows(3);
    await scriptTask(rows[1], { faults: ['rejected'], code: 40_501 });
    const outcomes = await submitPage(newDeps(), { rows });
    expect(outcomes).toMatchObject([
      { kind: 'receipt' },
      { kind: 'refused', journalled: true, failure: { type: 'ProviderRejected' } },
      { kind: 'receipt' },
    ]);
    expect(await store.journal.read(rows[1]?.scrapeId ?? '', 1)).toMatchObject({
      refused: { try: 1, reason: 'rejected' },
    });
  });

  it('goes on by itself if only this try was refused', async () => {
    const rows = newRows(2);
    await scriptTask(rows[0], { faults: ['rejected'], code: 40_202 });
    const [refused, bought] = await submitPage(newDeps(), { rows });
    expect(bought?.kind).toBe('receipt');
    expect(refused).toMatchObject({ kind: 'refused', journalled: true });
    expect(refused).not.toHaveProperty('failure');
  });
});

describe('a call that is refused as a whole', () => {
  it('is made again: the tries are on record, and the next run buys', async () => {
    const rows = newRows(3);
    await scriptCall({ fault: 'root-error', code: 40_202 });
    await expect(submitPage(newDeps(), { rows })).rejects.toMatchObject({
      type: 'RateLimited',
      nonRetryable: false,
    });
    const outcomes = await submitPage(newDeps(), { rows });
    expect(outcomes).toMatchObject(rows.map(() => ({ kind: 'receipt', receipt: { try: 2 } })));
  });

  it('closes the account where it cannot pay, and nothing is sent until the next probe', async () => {
    const rows = newRows(3);
    const deps = newDeps();
    await scriptCall({ fault: 'root-error', code: 40_210 });
    await expect(submitPage(deps, { rows })).rejects.toMatchObject({ type: 'AccountBlocked' });
    const posts = await postCount();
    await expect(submitPage(deps, { rows })).rejects.toMatchObject({ type: 'AccountBlocked' });
    expect(await postCount()).toBe(posts);
  });

  it('keeps nobody from being collected: what is bought already is told', async () => {
    const [bought, ...others] = newRows(3);
    if (!bought) throw new Error('no row');
    await submit(newDeps(), { ref: toRef(bought.scrapeId, bought.input), input: bought.input, n: 1 });
    await scriptCall({ fault: 'root-error', code: 40_202 });
    const outcomes = await submitPage(newDeps(), { rows: [bought, ...others] });
    expect(outcomes).toMatchObject([{ kind: 'receipt' }, { kind: 'refused' }, { kind: 'refused' }]);
  });
});

describe('a lost answer', () => {
  it.each(['drop-before', 'drop-after'] as const)('(%s) makes exactly its tasks unknown', async (fault) => {
    const [bought, ...others] = newRows(4);
    if (!bought) throw new Error('no row');
    await submit(newDeps(), { ref: toRef(bought.scrapeId, bought.input), input: bought.input, n: 1 });
    await scriptCall({ fault });
    const rows = [bought, ...others];
    const outcomes = await submitPage(newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['receipt', 'unknown', 'unknown', 'unknown']);
    const posts = await postCount();
    expect(await submitPage(newDeps(), { rows })).toEqual(outcomes);
    expect(await postCount()).toBe(posts);
    expect(outcomes[1]).toMatchObject({ open: { n: 1, bound: { usdMicros: expect.any(Number) } } });
  });
});

describe('a run that dies', () => {
  it.each<[FaultPoint, { kinds: string; tasks: number }]>([
    ['page:before-intents', { kinds: 'receipt receipt receipt', tasks: 3 }],
    ['page:intents-written', { kinds: 'unknown unknown unknown', tasks: 0 }],
    ['page:answer-received', { kinds: 'unknown unknown unknown', tasks: 3 }],
    ['page:outcomes-written', { kinds: 'receipt receipt receipt', tasks: 3 }],
  ])('at %s leaves a journal from which the next one tells the truth', async (point, { kinds, tasks }) => {
    const rows = newRows(3);
    await expect(submitPage(dyingAt(point), { rows })).rejects.toThrow('died');
    const outcomes = await submitPage(newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind).join(' ')).toBe(kinds);
    const made = await Promise.all(rows.map(({ input }) => tasksOf(input)));
    expect(made.flat()).toHaveLength(tasks);
  });

  it.each<FaultPoint>(['page:intent-written', 'page:receipt-written'])(
    'at %s of the second row buys none twice and loses none',
    async (point) => {
      const rows = newRows(4);
      await expect(submitPage(dyingAt(point, 2), { rows })).rejects.toThrow('died');
      const outcomes = await submitPage(newDeps(), { rows });
      for (const [index, { scrapeId, input }] of rows.entries()) {
        const made = await tasksOf(input);
        const receipt = (await store.journal.read(scrapeId, 1))?.receipt;
        expect(made.length).toBeLessThanOrEqual(1);
        expect(outcomes[index]?.kind).toBe(receipt ? 'receipt' : 'unknown');
        expect(receipt?.taskId).toBe(receipt && made[0]?.id);
      }
    },
  );
});

describe('a disk that is full', () => {
  it('after the answer loses no receipt: they are told without being on record', async () => {
    const rows = newRows(3);
    const deps = withJournal({ createReceipt: () => Promise.reject(full()) });
    const outcomes = await submitPage(deps, { rows });
    expect(outcomes).toMatchObject(rows.map(() => ({ kind: 'receipt', journalled: false })));
  });

  it('before the request sends nothing, and the page is run again', async () => {
    const rows = newRows(3);
    const posts = await postCount();
    const deps = withJournal({ createIntent: () => Promise.reject(full()) });
    await expect(submitPage(deps, { rows })).rejects.toMatchObject({ type: 'StoreUnavailable' });
    expect(await postCount()).toBe(posts);
  });

  it('for one row sends the others', async () => {
    const rows = newRows(3);
    const deps = withJournal({
      createIntent: (intent) =>
        intent.scrapeId === rows[0]?.scrapeId ? Promise.reject(full()) : store.journal.createIntent(intent),
    });
    const outcomes = await submitPage(deps, { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['alone', 'receipt', 'receipt']);
  });
});

describe('a page that is recalled', () => {
  it('tells what was bought or begun, and stops the others from being bought', async () => {
    const rows = newRows(4);
    await scriptCall({ fault: 'drop-after' });
    await submitPage(newDeps(), { rows: rows.slice(0, 1) });
    await submitPage(newDeps(), { rows: rows.slice(1, 2) });
    const outcomes = await recallPage(newDeps(), { rows });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'receipt', 'alone', 'alone']);
    expect(await store.journal.read(rows[2]?.scrapeId ?? '', 1)).toMatchObject({
      intent: { withdrawn: true },
    });
  });
});

let count = 0;

/** Scrapes that no other test uses. */
function newRows(howMany: number): PageRow[] {
  count += 1;
  return Array.from({ length: howMany }, (_, n) => ({
    scrapeId: `scrape/page/${count}-${n}`,
    input: { scraper: 'dataforseo/google-images', prompt: `red kettle ${count}-${n}` },
  }));
}

function newDeps(overrides: Partial<ActivityDeps> = {}): ActivityDeps {
  const accounts = [simulatedDataForSeo(simulator.url, 20)];
  const timing = { sendByMs: 1_000, httpTimeoutMs: 3_000, marginMs: 500 };
  return buildDeps({ accounts, simulated: true }, store, { timing, ...overrides });
}

function withJournal(journal: Partial<Store['journal']>): ActivityDeps {
  return newDeps({ store: { ...store, journal: { ...store.journal, ...journal } } });
}

/** A process does nothing more once it is dead, so every later step throws too. */
function dyingAt(point: FaultPoint, nth = 1): ActivityDeps {
  let reached = 0;
  return newDeps({
    fault: (at) => {
      if (at === point) reached += 1;
      if (reached >= nth) throw new Error('died');
    },
  });
}

async function postCount(): Promise<number> {
  const { calls } = await control.dataforseo.calls();
  return calls.filter(({ call }) => call === 'task_post').length;
}

async function tasksOf({ prompt }: ScrapeInput) {
  return (await control.dataforseo.ledger({ keyword: prompt })).tasks;
}

function scriptTask(row: PageRow | undefined, step: { faults: ['rejected']; code: number }) {
  return control.dataforseo.script({ on: 'task', keyword: row?.input.prompt ?? '', steps: [step] });
}

function scriptCall(step: { fault: 'root-error' | 'drop-before' | 'drop-after'; code?: number }) {
  return control.dataforseo.script({ on: 'call', call: 'task_post', steps: [step] });
}

function damaged(): StoreError {
  return new StoreError('damaged', 'journal', 'damaged on purpose');
}

function full(): StoreError {
  return new StoreError('unavailable', 'journal', 'full on purpose');
}

it('throws application failures only, so that Temporal knows what to do', async () => {
  await scriptCall({ fault: 'root-error', code: 40_202 });
  await expect(submitPage(newDeps(), { rows: newRows(2) })).rejects.toBeInstanceOf(ApplicationFailure);
});
