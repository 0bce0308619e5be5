import { inParallel } from '../../src/lists/in-parallel.ts';
import type { PageRow } from '../../src/activities/page-row.ts';
import type { CallbackUrls } from '../../src/webhooks/callback-urls.ts';
import { buyPage, step, type Life } from '../paid-path/scrape-life.ts';
import type { World } from '../paid-path/world.ts';
import { forge, type KnownAddress } from './forger.ts';

export interface HostilePosts {
  lives: Life[];
  virtualMs: number;
  posts: { sent: number; failed: number };
  /** By status. */
  forgedAnswers: Record<string, number>;
  looks: number;
  peakBytes: number;
}

export interface HostilePostsOptions {
  scrapes: number;
  forged: number;
  urls: CallbackUrls;
  /** Scrapes that the receiver tells of. */
  hints: Set<string>;
  log: (line: string) => void;
}

const PAGE = 100;
const LOOKS_AT_ONCE = 8;
const FORGED_AT_ONCE = 16;
/** After that a scrape looks by itself; docs/providers/dataforseo.md. */
const BACK_STOP_MS = 45 * 60_000;
const DAY_MS = 86_400_000;
/** One in so many addresses is known to the forger. */
const LEAKED = 20;

/** Buys, has everything posted, forges beside it, and looks as scrapes do: when told, and by themselves in the end. */
export async function runHostilePosts(world: World, options: HostilePostsOptions): Promise<HostilePosts> {
  const { time, simulator } = world;
  const { hints, log } = options;
  const begunMs = time.now();
  const run: HostilePosts = {
    lives: [],
    virtualMs: 0,
    posts: { sent: 0, failed: 0 },
    forgedAnswers: {},
    looks: 0,
    peakBytes: 0,
  };
  const byId = new Map<string, Life>();
  const leaked: KnownAddress[] = [];
  const forging = floodWith(world, options, leaked, run);
  const lookAtHinted = async (): Promise<void> => {
    const told = [...hints].flatMap((id) => byId.get(id) ?? []).filter(isOpen);
    hints.clear();
    await inParallel(told, LOOKS_AT_ONCE, (life) => step(world, life));
  };
  for (let from = 0; from < options.scrapes; from += PAGE) {
    const bought = await buyPage(world, rowsOf(from, Math.min(PAGE, options.scrapes - from)));
    for (const life of bought) {
      byId.set(life.row.scrapeId, life);
      if (life.next.kind === 'look' && byId.size % LEAKED === 0)
        leaked.unshift({
          tag: world.store.journal.tag(life.row.scrapeId, 1),
          taskId: life.next.receipt.taskId,
        });
    }
    run.lives.push(...bought);
    run.peakBytes = Math.max(run.peakBytes, process.memoryUsage().rss);
    skip(world, 5_000);
    await lookAtHinted();
    if (from % 1_000 === 0) log(`${from + bought.length} bought, ${openOf(run)} open`);
  }
  skip(world, 30_000);
  await quiet(world, run, lookAtHinted);
  await forging;
  log(`all is posted that comes in time: ${openOf(run)} open`);
  skip(world, BACK_STOP_MS);
  await inParallel(run.lives.filter(isOpen), LOOKS_AT_ONCE, (life) => step(world, life));
  log(`looked by themselves: ${openOf(run)} open`);
  skip(world, DAY_MS);
  await quiet(world, run, lookAtHinted);
  run.virtualMs = time.now() - begunMs;
  run.looks = simulator.sim.dataforseo.summary().calls['task_get'] ?? 0;
  return run;
}

/** The simulator's timers are set anew after a jump of the clock. */
function skip({ time, simulator }: World, ms: number): void {
  time.skip(ms);
  simulator.sim.advance(0);
}

/** Until no post has come for a while. */
async function quiet(world: World, run: HostilePosts, look: () => Promise<void>): Promise<void> {
  for (let last = -1; ;) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await look();
    run.peakBytes = Math.max(run.peakBytes, process.memoryUsage().rss);
    run.posts = { sent: 0, failed: 0 };
    for (const { callbacks } of world.simulator.sim.dataforseo.ledger().tasks) {
      run.posts.sent += callbacks.sent;
      run.posts.failed += callbacks.failed;
    }
    if (run.posts.sent === last) return;
    last = run.posts.sent;
  }
}

async function floodWith(
  world: World,
  { forged, scrapes, urls }: HostilePostsOptions,
  leaked: KnownAddress[],
  run: HostilePosts,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < forged) {
      // As fast as the purchases go, so that there is always one under way.
      if (next > forged * (run.lives.length / scrapes)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      const status = await forge(world, urls, leaked, next++);
      run.forgedAnswers[status] = (run.forgedAnswers[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: FORGED_AT_ONCE }, lane));
}

function rowsOf(from: number, count: number): PageRow[] {
  return Array.from({ length: count }, (_, index) => ({
    scrapeId: `posted/${from + index}`,
    input: { scraper: 'dataforseo/google-images', prompt: `question ${from + index}` },
  }));
}

function isOpen({ next }: Life): boolean {
  return next.kind !== 'ended';
}

function openOf({ lives }: HostilePosts): number {
  return lives.filter(isOpen).length;
}
