import { expect, it } from 'vitest';
import { readOptions } from './campaign/options.ts';
import { runCampaign } from './campaign/run.ts';
import { formatCampaign } from './campaign/table.ts';

/** Another one: `GLEANER_CHAOS_SEED=7 npx vitest run --project chaos test/chaos/campaign.server`. */
const SEED = process.env['GLEANER_CHAOS_SEED'] ?? '1';

it('a short campaign of both providers under faults of every kind breaks no promise', async () => {
  const options = {
    ...readOptions(['--seed', SEED, '--scrapes', '72', '--batch-size', '24', '--batches-at-once', '2']),
    seconds: 20,
    leastFaults: 20,
    everyMs: 300,
    resetsBatches: false,
  };
  const report = await runCampaign(options, () => undefined);
  console.log(formatCampaign(report));
  expect(report.violations).toEqual([]);
  expect(report.settled).toBe(true);
  // Or it would say nothing.
  expect(report.scrapes).toBeGreaterThanOrEqual(48);
  const { none = 0 } = report.returned ?? {};
  // How many depends on when the database was deleted last: what had ended by then is not started again.
  expect(report.scrapes - none).toBeGreaterThan(0);
  const hits = Object.values(report.faults).reduce((sum, { hit }) => sum + hit, 0);
  expect(hits).toBeGreaterThan(10);
});
