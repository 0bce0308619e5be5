import { describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { submit } from '../../src/activities/submit.ts';
import type { SubmitResult } from '../../src/activities/purchase.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { createHttp } from '../../src/providers/http.ts';
import { createGate } from '../support/gate.ts';
import { buy, openShop } from '../support/bought.ts';

const QUESTION: ScrapeInput = { scraper: 'scrapellm/chatgpt', prompt: 'oat milk' };
const ID = 'scrape/test/1';

function run(deps: ActivityDeps, input = QUESTION): Promise<SubmitResult> {
  return submit(deps, { ref: toRef(ID, input), input, n: 1 });
}

describe('a purchase', () => {
  it('that is on record is told again and not made again', async () => {
    const { deps, control } = await openShop();
    const { receipt } = await buy(deps, QUESTION);
    expect(await run(deps)).toMatchObject({ kind: 'receipt', receipt });
    expect((await control.ledger()).jobs).toHaveLength(1);
  });

  it('that was begun and not answered is never made again', async () => {
    const shop = await openShop();
    const dying = shop.with({
      fault: (point) => {
        if (point === 'submit:after-intent') throw new Error('died');
      },
    });
    await expect(run(dying)).rejects.toThrow('died');
    await expect(run(shop.deps)).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown', nonRetryable: true });
    expect((await shop.control.state()).totals.submitsSeen).toBe(0);
  });

  it('that two workers begin at once is made by one of them', async () => {
    const shop = await openShop();
    // Both have read the journal and found nothing when the first of them writes.
    let waiting = 0;
    const both = createGate();
    const racing = shop.with({
      fault: async (point) => {
        if (point !== 'submit:before-intent') return;
        waiting += 1;
        if (waiting === 2) both.open();
        await both.opened;
      },
    });
    const ends = await Promise.allSettled([run(racing), run(racing)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await shop.control.ledger()).jobs).toHaveLength(1);
  });

  it('is not sent by a machine that paused after its intent', async () => {
    const shop = await openShop();
    const paused = shop.with({ timing: { sendByMs: -1, httpTimeoutMs: 3_000, marginMs: 500 } });
    await expect(run(paused)).rejects.toMatchObject({ type: 'NetworkError', nonRetryable: false });
    expect((await shop.control.state()).totals.submitsSeen).toBe(0);
  });

  it('of another request under the same id is refused, and names both', async () => {
    const { deps, control } = await openShop();
    await buy(deps, QUESTION);
    const other = run(deps, { ...QUESTION, prompt: 'soy milk' });
    await expect(other).rejects.toMatchObject({
      type: 'InvalidInput',
      message: expect.stringMatching(/oat milk[\s\S]*soy milk|soy milk[\s\S]*oat milk/) as string,
    });
    expect((await control.ledger()).jobs).toHaveLength(1);
  });

  it('of a scrape whose batch run was cancelled is not made', async () => {
    const { deps, control } = await openShop();
    await deps.store.batches.stopRun('batch/b', 'run-1');
    const stopped = { ...QUESTION, batchId: 'batch/b', batchRun: 'run-1' };
    await expect(run(deps, stopped)).rejects.toMatchObject({ type: 'BatchStopped', nonRetryable: false });
    expect((await control.state()).totals.submitsSeen).toBe(0);
    await run(deps, { ...stopped, batchRun: 'run-2' });
  });

  it('stays at the account and endpoint where its scrape was begun', async () => {
    const shop = await openShop();
    await shop.control.script({ on: 'submit', steps: [{ fault: 'error-503' }] });
    await expect(run(shop.deps)).rejects.toMatchObject({ type: 'ProviderUnavailable' });
    const { accounts } = shop.deps;
    const elsewhere = shop.with({
      accounts: {
        ...accounts,
        find: (provider, name) => {
          const account = accounts.find(provider, name);
          return account && { ...account, simulated: false };
        },
      },
    });
    await expect(run(elsewhere)).rejects.toMatchObject({
      type: 'AccountBlocked',
      message: expect.stringContaining('was begun on account') as string,
    });
    expect((await shop.control.ledger()).jobs).toHaveLength(0);
  });

  it('whose answer is lost on the way is in doubt, whatever the transport says next', async () => {
    const shop = await openShop();
    const http = createHttp();
    await shop.control.script({ on: 'submit', steps: [{ fault: 'reset-after' }] });
    await expect(run(shop.with({ http }))).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
    await expect(run(shop.deps)).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
    expect((await shop.control.ledger()).jobs).toHaveLength(1);
    await http.close();
  });
});
