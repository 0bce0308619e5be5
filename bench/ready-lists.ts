/**
 * How soon after a task comes to a ready list its scrape is told, and whether all are collected where lists are late, leave
 * tasks out, show them twice, or are full of somebody else's tasks. The product's own collector and looks over a real file
 * store and the simulator over HTTP, with the lists' documented limits, in virtual time (calls take none of it) and without
 * Temporal. Exits with 1 if a check fails.
 *
 *   npx tsx bench/ready-lists.ts [--scrapes 1500] [--late 0.1] [--never 0.05] [--twice 0.1] [--foreign 0] [--seed 1] [--json]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWorld } from './paid-path/world.ts';
import { checkReadyLists } from './ready-lists/checks.ts';
import { runReadyLists, SCRAPERS_OF_LISTS } from './ready-lists/run.ts';
import { formatReport } from './scale/report.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      scrapes: { type: 'string', default: '1500' },
      late: { type: 'string', default: '0.1' },
      never: { type: 'string', default: '0.05' },
      twice: { type: 'string', default: '0.1' },
      foreign: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  }),
);
const begunAt = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'gleaner-lists-'));
const world = await createWorld({
  folder,
  seed: values.seed,
  killRate: 0,
  timeStandsStill: true,
  knobs: {
    listedLateMs: 5 * 60_000,
    taskFaults: {
      'listed-late': Number(values.late),
      'never-listed': Number(values.never),
      'listed-twice': Number(values.twice),
    },
    // The bench has no queue in front of purchases and looks; the lists' own limits stay.
    limits: { total: null, lists: 20, idList: 10, errors: 10, userData: 6, status: 10, aiInFlight: 30 },
  },
});
try {
  const run = await runReadyLists(world, {
    scrapes: Number(values.scrapes),
    foreign: Number(values.foreign),
    log: (line) => console.error(line),
  });
  const checks = checkReadyLists(world, run, Number(values.foreign) > 0);
  const report = {
    conditions: {
      scrapes: `${run.lives.length} of ${SCRAPERS_OF_LISTS.join(', ')}: two limits, three lists; seed ${values.seed}`,
      lists: `${values.late} of the tasks 5 minutes late, ${values.never} never listed, ${values.twice} listed twice`,
      foreign: `${values.foreign} tasks of somebody else's in front of each list`,
    },
    figures: {
      'virtual time': `${(run.virtualMs / 60_000).toFixed(1)} min, in ${((performance.now() - begunAt) / 1000).toFixed(0)} s`,
      'calls of lists': String(run.listCalls),
      hints: String(run.hints),
      'foreign rows that were shown': String(run.foreignShown),
    },
    checks,
  };
  console.log(values.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
  process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
} finally {
  await world.close();
  await rm(folder, { recursive: true, force: true });
}
