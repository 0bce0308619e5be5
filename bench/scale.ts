/**
 * A large batch with real processes, checked against the simulator's ledger: every outcome accounted for, nothing bought
 * twice, everything paid collected, and within its limits of memory and history. Needs `npm run build` first, and Linux
 * (it reads /proc); `--server topology` needs what `npm run topology` needs. Exits with 1 if a check fails.
 * What the figures mean: docs/benchmarks.md.
 *
 *   npx tsx bench/scale.ts [--scrapes 7000] [--workers 3] [--server dev|topology] [--window 400] [--speed 1]
 *     [--submits-per-second N] [--submit-ms N] [--kill-worker-every SECONDS] [--kill-server N] [--restart-postgres N]
 *     [--cancel-at N] [--single] [--seed S] [--json] [--keep]
 */
import { runBench } from './scale/run-bench.ts';
import { runScale } from './scale/run-scale.ts';
import { readOptions } from './scale/options.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

await runBench(
  'scale',
  optionsOrUsage(import.meta.url, () => readOptions(process.argv.slice(2))),
  runScale,
);
