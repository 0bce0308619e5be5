import { createAccountGate } from '../../src/activities/account-gate.ts';
import { check } from '../../src/activities/check.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { submitPage } from '../../src/activities/submit-page.ts';
import { submit } from '../../src/activities/submit.ts';
import type { Receipt } from '../../src/contracts/journal.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import type { CallStep } from '../../src/simulator/dataforseo/faults.ts';
import { createDataForSeoBench, MINUTE_MS } from './dataforseo-bench.ts';
import type { DataForSeoBench } from './dataforseo-bench.ts';

export const GATE = 'dataforseo/simulator';
export const inputOf = (scrapeId: string) => ({
  scraper: 'dataforseo/google-images',
  prompt: `question of ${scrapeId}`,
});

/** A bench whose gate goes by the simulator's clock. */
export async function createGatedBench(): Promise<DataForSeoBench> {
  const clock: { bench?: DataForSeoBench } = {};
  const gate = createAccountGate(() => clock.bench?.now() ?? 0, MINUTE_MS);
  const bench = await createDataForSeoBench({ durationMs: 1_000 }, { gate });
  clock.bench = bench;
  return bench;
}

export const buyOne = (deps: ActivityDeps, scrapeId: string) => {
  const input = inputOf(scrapeId);
  return submit(deps, { ref: toRef(scrapeId, input), input, n: 1 });
};
export const buyPage = (deps: ActivityDeps, name: string, howMany = 3) =>
  submitPage(deps, {
    rows: Array.from({ length: howMany }, (_, n) => {
      const scrapeId = `scrape/page/${name}-${n}`;
      return { scrapeId, input: inputOf(scrapeId) };
    }),
  });
export const collect = (deps: ActivityDeps, receipt: Receipt, mayResubmit = false) =>
  check(deps, { ref: toRef(receipt.scrapeId, inputOf(receipt.scrapeId)), receipt, mayResubmit }, 2);
export const countOf = async (bench: DataForSeoBench, call: string): Promise<number> =>
  (await bench.control.dataforseo.calls()).calls.filter((one) => one.call === call).length;
export const scriptCalls = (
  bench: DataForSeoBench,
  call: 'task_post' | 'task_get' | 'user_data',
  step: CallStep,
) => bench.control.dataforseo.script({ on: 'call', call, steps: [step] });
