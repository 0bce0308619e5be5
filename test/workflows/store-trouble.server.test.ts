import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/store/store-error.ts';
import type { Store } from '../../src/store/store.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { ending, jobsOf, pendingFailure, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 200 } });
});
afterAll(() => system.close());

/** The store with one journal method that fails the first `times` times. */
function failing(
  store: Store,
  method: 'createReceipt' | 'createRefused' | 'createVerdict',
  times: number,
): Store {
  let left = times;
  const journal = Object.create(store.journal) as Record<string, unknown>;
  journal[method] = (entry: never) => {
    if (left-- > 0) throw new StoreError('unavailable', 'journal/x', 'no space left on the disk');
    return store.journal[method](entry);
  };
  return { ...store, journal: journal as unknown as Store['journal'] };
}

async function withStore<T>(store: Store, body: () => Promise<T>): Promise<T> {
  await system.stopWorkers();
  await system.startWorkers({ store });
  try {
    return await body();
  } finally {
    await system.stopWorkers();
    await system.startWorkers();
  }
}

const mayMount = process.getuid?.() === 0;
if (!mayMount) console.warn('not tested: a full disk at the intent (mounting a small disk needs root)');

describe('a store that takes nothing', () => {
  it.skipIf(!mayMount)(
    'at the intent: nothing is bought, the pending activity says why, and it goes on when there is room',
    async () => {
      const folder = join(system.folder, 'small-disk');
      await mkdir(folder);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]);
      try {
        const store = await openFileStore(join(folder, 'store'), { simulated: true });
        await writeFile(join(folder, 'filler'), new Uint8Array(1_000_000)).catch(() => undefined);
        const prompt = uniquePrompt();
        await withStore(store, async () => {
          const handle = await start(system, { prompt });
          const why = await until(() => pendingFailure(system, handle.workflowId), 'the reason is shown');
          expect(why).toMatch(/^StoreUnavailable: .*journal.*(full|space)/is);
          expect(await jobsOf(system, prompt)).toHaveLength(0);
          await rm(join(folder, 'filler'));
          expect((await ending(handle)).record).toMatchObject({ outcome: 'done', submissions: 1 });
          expect(await jobsOf(system, prompt)).toHaveLength(1);
        });
      } finally {
        execFileSync('umount', [folder]);
      }
    },
  );

  it('at the receipt: the purchase is not lost, the workflow writes it down next', async () => {
    const prompt = uniquePrompt();
    await withStore(failing(system.store, 'createReceipt', 3), async () => {
      const handle = await start(system, { prompt });
      expect((await ending(handle)).record).toMatchObject({ outcome: 'done', charge: { credits: 3 } });
      expect((await system.store.journal.read(handle.workflowId, 1))?.receipt).toBeDefined();
    });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('at a refusal: it is written down next, and the scrape is asked for again', async () => {
    const prompt = uniquePrompt();
    await system.control.script({ on: 'submit', steps: [{ fault: 'rate-limited' }] });
    await withStore(failing(system.store, 'createRefused', 2), async () => {
      const handle = await start(system, { prompt });
      expect((await ending(handle)).record).toMatchObject({ outcome: 'done', submissions: 1 });
    });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });

  it('at the verdict: the result is fetched again, stored once and recorded', async () => {
    const prompt = uniquePrompt();
    await withStore(failing(system.store, 'createVerdict', 1), async () => {
      const handle = await start(system, { prompt });
      expect((await ending(handle)).record).toMatchObject({ outcome: 'done', charge: { credits: 3 } });
    });
    expect(await jobsOf(system, prompt)).toHaveLength(1);
  });
});

describe('a damaged journal', () => {
  it('stops its scrape, is named, and nothing is bought', async () => {
    const prompt = uniquePrompt();
    const workflowId = system.newId();
    const tag = system.store.journal.tag(workflowId, 1);
    const folder = join(system.store.location, 'journal', tag.split('-')[1]?.slice(0, 2) ?? '', tag);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '0001-intent.json'), '{"scrapeId": "cut o');
    const handle = await start(system, { prompt }, workflowId);
    const why = await until(() => pendingFailure(system, workflowId), 'the file is named');
    expect(why).toContain('0001-intent.json is damaged');
    expect(await jobsOf(system, prompt)).toHaveLength(0);
    await handle.terminate('tried in a test');
  });
});
