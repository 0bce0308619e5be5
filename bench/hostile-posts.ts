/**
 * Ten thousand results that are posted to us and go wrong in every way that we know of: lost, tripled, a day late, before the
 * answer to their own purchase, damaged, of 50 MB; with a forger beside them who guesses tokens and ids, floods, and knows
 * some addresses. The product's own activities, receiver and file store and the simulator over HTTP, in virtual time and
 * without Temporal. Judged by the simulator's ledger and what is in the store. Exits with 1 if a check fails.
 *
 *   npx tsx bench/hostile-posts.ts [--scrapes 10000] [--forged 10000] [--lost 0.1] [--seed 1] [--json] [--keep]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../src/dev-server/free-port.ts';
import { createCallbackUrls } from '../src/webhooks/callback-urls.ts';
import { startReceiver } from '../src/webhooks/receiver.ts';
import { checkHostilePosts } from './hostile-posts/checks.ts';
import { runHostilePosts } from './hostile-posts/run.ts';
import { createWorld } from './paid-path/world.ts';
import { formatReport } from './scale/report.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      scrapes: { type: 'string', default: '10000' },
      forged: { type: 'string', default: '10000' },
      lost: { type: 'string', default: '0.1' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  }),
);
const DAY_MS = 86_400_000;
const begunAt = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'gleaner-posts-'));
const port = await freePort(0);
const urls = createCallbackUrls(`http://127.0.0.1:${port}`, 'a secret of this bench');
const world = await createWorld({
  folder,
  seed: values.seed,
  killRate: 0,
  knobs: {
    durationMs: 30_000,
    callbackLateMs: DAY_MS,
    taskFaults: {
      'callback-lost': Number(values.lost),
      'callback-tripled': 0.1,
      'callback-late': 0.1,
      'callback-early': 0.1,
      'postback-no-encoding': 0.05,
      'postback-not-gzip': 0.1,
      'postback-not-json': 0.1,
      'postback-huge': 0.002,
    },
    // The bench has no queue in front of the calls.
    limits: { total: null, lists: 20, idList: 10, errors: 10, userData: 6, status: 10, aiInFlight: 30 },
  },
  overrides: () => ({ callbacksFor: urls.callbacksFor }),
});
const hints = new Set<string>();
const receiver = await startReceiver({
  store: world.store,
  urls,
  port,
  host: '127.0.0.1',
  sendHint: async (scrapeId) => void hints.add(scrapeId),
});
try {
  const run = await runHostilePosts(world, {
    scrapes: Number(values.scrapes),
    forged: Number(values.forged),
    urls,
    hints,
    log: (line) => console.error(line),
  });
  const checks = await checkHostilePosts(world, run, urls);
  const conditions = {
    scrapes: `${values.scrapes}, bought by the page; seed ${values.seed}`,
    posts: `${values.lost} of them lost, a tenth each tripled, a day late, early, not gzip, not JSON, 0.002 of 50 MB`,
    forger: `${values.forged} posts beside them, 16 at once`,
  };
  const figures = {
    'virtual time': `${(run.virtualMs / 60_000).toFixed(1)} min, in ${((performance.now() - begunAt) / 1000).toFixed(0)} s`,
    'posts of the provider': `${run.posts.sent} sent, ${run.posts.failed} of them not taken`,
    'answers to the forger': Object.entries(run.forgedAnswers)
      .map(([status, count]) => `${count} × ${status}`)
      .join(', '),
    'looks at the provider': String(run.looks),
    'memory, peak (all in one process)': `${Math.round(run.peakBytes / 1e6)} MB`,
  };
  const report = { conditions, figures, checks };
  console.log(values.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
  process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
} finally {
  await receiver.close();
  await world.close();
  if (values.keep) console.error(`kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
