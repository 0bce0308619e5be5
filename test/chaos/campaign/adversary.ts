import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVERYBODY } from './fault-book.ts';
import type { Aim } from './fault-book.ts';
import { changeWeather } from './storm.ts';
import type { CampaignWorld } from './campaign-world.ts';
import { WORKFLOW_FAULTS } from './workflow-faults.ts';

/** So much less than what the product takes for clocks that agree (a minute), as long as searches are to prove something. */
const MOST_SMALL_JUMPS_MS = 40_000;
/** From this part of the time on the clock may leap, after which no search proves anything any more. */
const LEAPS_FROM = 0.75;
const HOUR_MS = 3_600_000;

/** How often each kind should have been made by all runs together, and workers be killed. */
const WANTED = 230;
const KILLS_WANTED = 1_050;
/** They are no fault by themselves: one turns the knobs, the other names several kinds. */
const IS_NO_FAULT = new Set(['change of the weather', 'posts']);
const KILL = 'kill -9 of a worker';

/** Whom one fault was aimed at; undefined: it found nothing to hit. */
type Act = (world: CampaignWorld, part: number) => Promise<Aim | undefined>;

/** Every kind with its weight: what takes seconds or stops everything is not as rare as in life, or a run would hardly have it. */
const FAULTS: ReadonlyArray<readonly [kind: string, weight: number, act: Act]> = [
  [KILL, 0, ({ fleet, options, random }) => hitIf(fleet.kill(slot(options, random)))],
  [
    'freeze of a worker',
    6,
    ({ fleet, options, random }) => hitIf(fleet.freeze(slot(options, random), random.between(500, 12_000))),
  ],
  ['kill -9 of the server', 5, ({ server }) => hit(server.kill())],
  ['deletion of the database', 4.5, ({ server }) => hit(server.kill({ deleteDatabase: true }))],
  ['reset of a scrape', 9, WORKFLOW_FAULTS['reset of a scrape']],
  ['reset of a batch', 5, WORKFLOW_FAULTS['reset of a batch']],
  ['terminate of a scrape', 7, WORKFLOW_FAULTS['terminate of a scrape']],
  ['terminate of a batch', 5, WORKFLOW_FAULTS['terminate of a batch']],
  ['cancel of a scrape', 6, WORKFLOW_FAULTS['cancel of a scrape']],
  ['cancel of a batch', 5, WORKFLOW_FAULTS['cancel of a batch']],
  ['start of a scrape again', 7, WORKFLOW_FAULTS['start of a scrape again']],
  ['start of a batch again', 4, WORKFLOW_FAULTS['start of a batch again']],
  ['retry of a batch', 6, WORKFLOW_FAULTS['retry of a batch']],
  ['raise of a ceiling', 4, WORKFLOW_FAULTS['raise of a ceiling']],
  ['full disk', 5, fillDisk],
  ['jump of the clock', 4, jump],
  ['cut of all connections', 14, cutWhatWaits],
  ['change of the weather', 6, (world, part) => changeWeather(world, part).then(() => undefined)],
  ['posts', 30, postSome],
  ['foreign tasks', 5, postForeign],
];

/** Does one thing after the other until the time is over. What fails, because it hit something that is down, is not counted. */
export async function attack(world: CampaignWorld, signal: AbortSignal): Promise<void> {
  const { random, book, options } = world;
  const begunAt = Date.now();
  await changeWeather(world, 0);
  while (!signal.aborted) {
    await sleep(Math.min(5 * options.everyMs, random.exponential(options.everyMs)));
    const weights = FAULTS.map(([kind, weight]) => weightOf(world, kind, weight));
    let at = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
    const [kind, , act] = FAULTS.find((_, k) => (at -= weights[k] ?? 0) < 0) ?? FAULTS[0] ?? [];
    if (kind === undefined || !act || signal.aborted) continue;
    const startedAt = Date.now();
    const aim = await act(world, (startedAt - begunAt) / (options.seconds * 1_000)).catch(() => undefined);
    if (aim) book.faults.push({ atMs: startedAt, kind, ...aim });
  }
}

/** Where earlier runs are known, by what is missing of each kind; else as the table says. */
function weightOf({ book, madeBefore, options }: CampaignWorld, kind: string, weight: number): number {
  if (options.after.length === 0) return kind === KILL ? options.killWeight : weight;
  if (IS_NO_FAULT.has(kind)) return 10 * weight;
  const made = book.faults.filter((fault) => fault.kind === kind).length + (madeBefore[kind] ?? 0);
  return Math.max(5, (kind === KILL ? KILLS_WANTED : WANTED) - made);
}

function slot({ workers }: CampaignWorld['options'], random: CampaignWorld['random']): number {
  return random.between(0, workers - 1);
}

async function hitIf(done: Promise<boolean>): Promise<Aim | undefined> {
  return (await done) ? EVERYBODY : undefined;
}

async function hit(done: Promise<void>): Promise<Aim> {
  await done;
  return EVERYBODY;
}

/** Calls are short: it waits a moment for one to be under way. */
async function cutWhatWaits({ outbound }: CampaignWorld): Promise<Aim | undefined> {
  for (let k = 0; k < 30; k++) {
    const cut = outbound.cutAll();
    if (cut.length > 0) {
      const provider = cut.find((aim) => aim.provider)?.provider;
      return {
        marks: cut.flatMap(({ marks = [] }) => marks),
        ids: cut.flatMap(({ ids = [] }) => ids),
        ...(provider && { provider }),
      };
    }
    await sleep(50);
  }
  return undefined;
}

async function fillDisk({ diskFullFile, random }: CampaignWorld): Promise<Aim> {
  await writeFile(diskFullFile, '');
  await sleep(random.between(300, 3_000));
  await rm(diskFullFile, { force: true });
  return EVERYBODY;
}

async function jump(
  { control, random, leaps, options }: CampaignWorld,
  part: number,
): Promise<Aim | undefined> {
  const passed = leaps.reduce((sum, { ms }) => sum + ms, 0);
  const leap = part > LEAPS_FROM && !options.audit && random.chance(0.3);
  const ms = leap ? random.pick([HOUR_MS / 6, 3 * HOUR_MS, 25 * HOUR_MS]) : random.between(500, 5_000);
  if (!leap && passed + ms > MOST_SMALL_JUMPS_MS) return undefined;
  await control.advance(ms);
  leaps.push({ atMs: Date.now(), ms });
  return EVERYBODY;
}

/** They name themselves in the book. */
async function postSome({ postOffice, random }: CampaignWorld): Promise<undefined> {
  for (let k = random.between(1, 4); k > 0; k--) postOffice.send();
  return undefined;
}

/** Somebody else buys on the same account. */
async function postForeign({ control, random }: CampaignWorld): Promise<Aim> {
  const family = random.pick(['gemini', 'google_organic', 'google_images'] as const);
  await control.dataforseo.foreign({ family, count: random.between(1, 300), inFront: random.chance(0.5) });
  return { provider: 'dataforseo' };
}
