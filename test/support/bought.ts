import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { submit } from '../../src/activities/submit.ts';
import type { Receipt } from '../../src/contracts/journal.ts';
import type { ScrapeInput, ScrapeRef } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { simulatorControl, type SimulatorControl } from '../../src/simulator/control.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { bothAccounts } from './accounts.ts';
import { NO_COLLECTOR } from './no-collector.ts';

/** Activities on a store and a simulator of one test, without a Temporal server. */
export interface Shop {
  deps: ActivityDeps;
  control: SimulatorControl;
  /** The same store and simulator with other dependencies. */
  with(overrides: Partial<ActivityDeps>): ActivityDeps;
}

/** Tasks of DataForSEO end at once unless the options say otherwise. */
export async function openShop(options: SimulatorOptions = {}): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-shop-'));
  const simulator = await startSimulator({
    seed: 1,
    ...options,
    dataforseo: { ...options.dataforseo, knobs: { durationMs: 0, ...options.dataforseo?.knobs } },
  });
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const store = await openFileStore(join(folder, 'store'), { simulated: true });
  const shop = (overrides: Partial<ActivityDeps>): ActivityDeps =>
    buildDeps({ accounts: bothAccounts(simulator.url), simulated: true, taskQueue: 'gleaner' }, store, {
      collector: NO_COLLECTOR,
      ...overrides,
    });
  return { deps: shop({}), control: simulatorControl(simulator.url), with: shop };
}

/** Buys a scrape, which must be taken. */
export async function buy(
  deps: ActivityDeps,
  input: ScrapeInput,
  scrapeId = 'scrape/test/1',
): Promise<{ ref: ScrapeRef; receipt: Receipt }> {
  const ref = toRef(scrapeId, input);
  const result = await submit(deps, { ref, input, n: 1 });
  if (result.kind !== 'receipt') throw new Error(`not bought: ${JSON.stringify(result)}`);
  return { ref, receipt: result.receipt };
}
