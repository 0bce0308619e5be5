import { ApplicationFailure } from '@temporalio/common';
import { inParallel } from '../../src/lists/in-parallel.ts';
import type { PageRow } from '../../src/activities/page-row.ts';
import { sweep } from '../../src/activities/sweep.ts';
import { mergeWindows } from '../../src/workflows/wishes.ts';
import { buyPage, step, type Life } from '../paid-path/scrape-life.ts';
import type { World } from '../paid-path/world.ts';

export interface LostPosts {
  lives: Life[];
  virtualMs: number;
  sweeps: number;
  sweepKills: number;
  foreign: number;
}

export interface LostPostsOptions {
  posts: number;
  /** The most in one POST. */
  tasks: number;
  log: (line: string) => void;
}

const AT_ONCE = 8;
/** Of POSTs after the first ones: those that buy again what was proven not to be bought. */
const LATER_FAULTS = { 'drop-before': 0.1, 'drop-after': 0.1 };
const FOREIGN_AT_ONCE = 40;
const SAY_EVERY = 20;

/** Buys all pages, and goes on until every scrape has ended. */
export async function runLostPosts(world: World, options: LostPostsOptions): Promise<LostPosts> {
  const { time, random, simulator } = world;
  const { dataforseo } = simulator.sim;
  const begunMs = time.now();
  const run: LostPosts = { lives: [], virtualMs: 0, sweeps: 0, sweepKills: 0, foreign: 0 };
  const fates = (['none', 'drop-after', 'drop-before'] as const).flatMap((fault) =>
    Array.from({ length: Math.ceil(options.posts / 3) }, () => ({ fault })),
  );
  shuffle(fates, () => random.next());
  for (let post = 0; post < options.posts; post++) {
    // A page that a kill divides takes another POST; that one is answered.
    dataforseo.scripts.set({ on: 'call', call: 'task_post', steps: fates.slice(post, post + 1) });
    run.lives.push(...(await buyPage(world, rowsOf(post, random.between(1, options.tasks)))));
    dataforseo.scripts.set({ on: 'call', call: 'task_post', steps: [] });
    postForeign(world, run);
    time.skip(random.between(0, 6_000));
    if (post % SAY_EVERY === 0) options.log(`${post + 1} of ${options.posts} POSTs`);
    await advance(world, run);
  }
  dataforseo.setKnobs({ postFaults: LATER_FAULTS });
  for (let round = 0; run.lives.some(isOpen); round++) {
    const next = Math.min(...run.lives.filter(isOpen).map(({ dueAtMs }) => dueAtMs));
    time.skip(next - time.now());
    await advance(world, run);
    postForeign(world, run);
    if (round % SAY_EVERY === 0) {
      const open = run.lives.filter(isOpen).length;
      options.log(`${((time.now() - begunMs) / 60_000).toFixed(1)} min: ${open} of ${run.lives.length} open`);
    }
  }
  run.virtualMs = time.now() - begunMs;
  return run;
}

/** Everything that is due now, in an order by chance; then the search that was asked for. */
async function advance(world: World, run: LostPosts): Promise<void> {
  const due = run.lives.filter((life) => isOpen(life) && life.dueAtMs <= world.time.now());
  shuffle(due, () => world.random.next());
  await inParallel(due, AT_ONCE, (life) => step(world, life));
  if (world.wanted.length > 0) await search(world, run);
}

/** One sweep for all who wait, as the collector runs it; a killed one is run again with what it was asked. */
async function search(world: World, run: LostPosts): Promise<void> {
  const { time } = world;
  const windows = mergeWindows(world.wanted.splice(0));
  const family = windows[0]?.family ?? '';
  const input = { provider: 'dataforseo' as const, account: world.account.name, family, windows };
  for (let attempt = 1; ; attempt++) {
    const timing = {
      attempt,
      now: time.now,
      wall: time.now,
      sleep: async (ms: number) => time.skip(ms),
      hint: async () => true,
    };
    try {
      const result = await world.attempt((deps) => sweep(deps, input, timing));
      run.sweeps += 1;
      if (result) return;
      run.sweepKills += 1;
      time.skip(10_000);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable) throw error;
      time.skip(Number(error.nextRetryDelay ?? 10_000));
    }
  }
}

function postForeign({ random, simulator, account }: World, run: LostPosts): void {
  const count = random.between(0, FOREIGN_AT_ONCE);
  if (count === 0) return;
  run.foreign += count;
  simulator.sim.dataforseo.postForeign({
    family: 'google_images',
    count,
    durationMs: 60_000,
    inFront: false,
    tagPrefix: 'foreign/',
    login: account.secret.split(':')[0] ?? '',
  });
}

/** Every third purchase is of AI overviews: of those that there are none, part of the price is given back, or due. */
function rowsOf(post: number, count: number): PageRow[] {
  return Array.from({ length: count }, (_, index) => ({
    scrapeId: `lost/${post}/${index}`,
    input: {
      scraper: post % 3 === 0 ? 'dataforseo/google-ai-overview' : 'dataforseo/google-images',
      prompt: `question ${index} of purchase ${post}`,
    },
  }));
}

function isOpen({ next }: Life): boolean {
  return next.kind !== 'ended';
}

function shuffle(list: unknown[], next: () => number): void {
  for (let index = list.length - 1; index > 0; index--) {
    const other = Math.floor(next() * (index + 1));
    const [a, b] = [list[index], list[other]];
    [list[index], list[other]] = [b, a];
  }
}
