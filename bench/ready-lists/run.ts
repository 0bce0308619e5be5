import { collect, type CollectorRun } from '../../src/activities/collect.ts';
import { HintBook } from '../../src/activities/hint-book.ts';
import type { PageRow } from '../../src/activities/page-row.ts';
import type { CollectorWishes } from '../../src/contracts/collector.ts';
import { nextDelayMs } from '../../src/contracts/poll-schedule.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';
import { buyPage, step, type Life } from '../paid-path/scrape-life.ts';
import type { World } from '../paid-path/world.ts';

/** Those of one API share a limit: the last two have a list each and take turns. */
export const SCRAPERS_OF_LISTS = [
  'dataforseo/google-images',
  'dataforseo/gemini',
  'dataforseo/chatgpt',
] as const satisfies readonly Scraper[];

export interface ReadyLists {
  lives: Life[];
  /** When each scrape was first told, milliseconds since the epoch, in virtual time. */
  toldAtMs: Map<string, number>;
  virtualMs: number;
  listCalls: number;
  hints: number;
  foreignShown: number;
}

interface ReadyListsOptions {
  scrapes: number;
  foreign: number;
  log: (line: string) => void;
}

const PAGE = 100;
const WANTED_FOR_MS = 120 * 60_000;

/** Buys at once, and runs the collector until every scrape has ended; a scrape that is not told looks by itself in the end. */
export async function runReadyLists(world: World, options: ReadyListsOptions): Promise<ReadyLists> {
  const { time, simulator } = world;
  const begunMs = time.now();
  const run: ReadyLists = {
    lives: [],
    toldAtMs: new Map(),
    virtualMs: 0,
    listCalls: 0,
    hints: 0,
    foreignShown: 0,
  };
  if (options.foreign > 0) {
    for (const family of ['google_images', 'gemini', 'chat_gpt'] as const) {
      simulator.sim.dataforseo.postForeign({
        family,
        count: options.foreign,
        durationMs: 0,
        inFront: true,
        tagPrefix: 'foreign/',
        login: world.account.secret.split(':')[0] ?? '',
      });
    }
  }
  for (let from = 0; from < options.scrapes; from += PAGE) {
    const scraper = SCRAPERS_OF_LISTS[(from / PAGE) % SCRAPERS_OF_LISTS.length] ?? SCRAPERS_OF_LISTS[0];
    const bought = await buyPage(world, rowsOf(scraper, from, Math.min(PAGE, options.scrapes - from)));
    for (const life of bought) {
      if (life.next.kind !== 'look') throw new Error(`${life.row.scrapeId} was not bought`);
      life.dueAtMs = time.now() + nextDelayMs(life.next.receipt.plan, 0);
    }
    run.lives.push(...bought);
  }
  const byId = new Map(run.lives.map((life) => [life.row.scrapeId, life]));
  const book = new HintBook();
  const wishes: CollectorWishes = {
    until: Object.fromEntries(
      SCRAPERS_OF_LISTS.map((scraper) => [scraper, new Date(time.now() + WANTED_FOR_MS).toISOString()]),
    ),
    sweeps: [],
    signals: 1,
    lastSignalAt: new Date(time.now()).toISOString(),
  };
  const clock: CollectorRun = {
    attempt: 1,
    now: time.now,
    wall: time.now,
    sleep: async (ms) => time.skip(ms),
    wishes: async () => (run.lives.some(isOpen) ? wishes : { ...wishes, until: {} }),
    isAnybodyWaiting: async () => run.lives.some(isOpen),
    resendPosts: async () => 0,
    async hint(scrapeId) {
      const life = byId.get(scrapeId);
      if (!life || !isOpen(life)) return false;
      if (!run.toldAtMs.has(scrapeId)) run.toldAtMs.set(scrapeId, time.now());
      await step(world, life);
      return true;
    },
  };
  while (run.lives.some(isOpen)) {
    const input = { provider: 'dataforseo' as const, account: world.account.name, wishes };
    const result = await world.attempt((deps) => collect(deps, input, clock, book));
    run.listCalls += result?.calls ?? 0;
    run.hints += result?.hints ?? 0;
    run.foreignShown += result?.foreign ?? 0;
    // What a run of five minutes is late here, looks are in the product by their timers.
    for (const life of run.lives) if (isOpen(life) && life.dueAtMs <= time.now()) await step(world, life);
    const open = run.lives.filter(isOpen).length;
    options.log(`${((time.now() - begunMs) / 60_000).toFixed(1)} min: ${open} of ${run.lives.length} open`);
  }
  run.virtualMs = time.now() - begunMs;
  return run;
}

function rowsOf(scraper: Scraper, from: number, count: number): PageRow[] {
  return Array.from({ length: count }, (_, index) => ({
    scrapeId: `listed/${from + index}`,
    input: { scraper, prompt: `question ${from + index}` },
  }));
}

function isOpen({ next }: Life): boolean {
  return next.kind !== 'ended';
}
