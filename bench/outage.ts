/**
 * An outage with everything bought and nothing collected: a batch over both providers is bought with real processes, and
 * while every task is paid and pending all workers and the server are killed at once (`kill -9`). They come back on the same
 * database and store when the provider is `--hours` older; what it still has is collected, what it has forgotten is named.
 * Needs `npm run build` first. Exits with 1 if a check fails. What the figures mean: docs/benchmarks.md.
 *
 * Real are processes, kills, the server's database, store, HTTP calls and the queues' limits on looks. Simulated is the
 * provider with its clock, which is advanced instead of waiting; our own clocks are not. So that all timers, looks and
 * wishes are due when the server comes back, as after hours they are, the simulator's speed shortens them to less than the
 * time that everything stays down.
 *
 *   npx tsx bench/outage.ts [--hours 20] [--scrapes 2000] [--workers 2] [--json] [--keep]
 */
import { parseArgs } from 'node:util';
import { KINDS } from './outage/questions.ts';
import { LEAST_HOURS, runOutage } from './outage/run-outage.ts';
import { runBench } from './scale/run-bench.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      hours: { type: 'string', default: '20' },
      scrapes: { type: 'string', default: '2000' },
      workers: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  }),
);
const { json, keep } = values;
await runBench(
  'outage',
  {
    hours: atLeast('hours', LEAST_HOURS),
    scrapes: Math.ceil(atLeast('scrapes', 1) / KINDS.length) * KINDS.length,
    workers: atLeast('workers', 1),
    json,
    keep,
  },
  runOutage,
);

function atLeast(name: 'hours' | 'scrapes' | 'workers', least: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name}: "${values[name]}" is not a whole number of at least ${least}`);
}
