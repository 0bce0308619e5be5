/**
 * Purchases of up to a hundred tasks whose answers are lost: a third of the POSTs is reset after the provider took it, a
 * third before, workers are killed at random steps, each task comes to the list of purchases up to five minutes late, and
 * somebody else posts on the same account. Every step is the product's own activity over a real file store and the simulator
 * over HTTP, in virtual time and without Temporal (its part in it: test/chaos). Judged by the simulator's ledger alone.
 * Exits with 1 if a check fails.
 *
 *   npx tsx bench/lost-posts.ts [--posts 200] [--tasks 100] [--kill-rate 0.002] [--seed 1] [--json] [--keep]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkLostPosts } from './lost-posts/checks.ts';
import { runLostPosts } from './lost-posts/run.ts';
import { createWorld } from './paid-path/world.ts';
import { formatReport } from './scale/report.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      posts: { type: 'string', default: '200' },
      tasks: { type: 'string', default: '100' },
      'kill-rate': { type: 'string', default: '0.002' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  }),
);
const FIVE_MINUTES_MS = 5 * 60_000;
const begunAt = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'gleaner-lost-'));
const world = await createWorld({
  folder,
  seed: values.seed,
  killRate: Number(values['kill-rate']),
  knobs: {
    searchLagMs: 0,
    searchLagSpreadMs: FIVE_MINUTES_MS,
    taskFaults: { 'refund-withheld': 0.1 },
    // The bench has no queue in front of the purchases; what it is about is the search's own limit, which stays.
    limits: { total: null, lists: 20, idList: 10, errors: 10, userData: 6, status: 10, aiInFlight: 30 },
  },
});
try {
  const run = await runLostPosts(world, {
    posts: Number(values.posts),
    tasks: Number(values.tasks),
    log: (line) => console.error(line),
  });
  const checks = checkLostPosts(world, run);
  const conditions = {
    purchases: `${values.posts} POSTs of 1 to ${values.tasks} tasks, ${run.lives.length} scrapes; seed ${values.seed}`,
    answers:
      'a third reset after the provider took the POST, a third before; one in five of the later POSTs either way',
    workers: `killed with a chance of ${values['kill-rate']} at each step; in virtual time, limits in it too`,
    list: 'each task up to 5 minutes late in the list of purchases, at random',
  };
  const figures = {
    'virtual time': `${(run.virtualMs / 60_000).toFixed(1)} min, in ${((performance.now() - begunAt) / 1000).toFixed(0)} s`,
    kills: [...world.kills].map(([point, count]) => `${count} ${point}`).join(', ') || 'none',
    sweeps: `${run.sweeps}, ${run.sweepKills} killed`,
    'foreign tasks': String(run.foreign),
  };
  const report = { conditions, figures, checks };
  console.log(values.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
  process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
} finally {
  await world.close();
  if (values.keep) console.error(`kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
