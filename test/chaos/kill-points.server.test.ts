import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATOR_PASSWORD } from '../../src/contracts/simulator-credentials.ts';
import { CAP_CASES } from './kills/cap-cases.ts';
import { nameOf, playAll, playCase } from './kills/kill-case.ts';
import { LIST_CASES } from './kills/list-cases.ts';
import { OTHER_CASES } from './kills/other-cases.ts';
import { PAGE_CASES } from './kills/page-cases.ts';
import { KILL_PLACES } from './kills/places.ts';
import { SCRAPE_CASES } from './kills/scrape-cases.ts';
import { SEARCHED_CASES } from './kills/searched-cases.ts';
import { createWorld } from './world.ts';
import type { ChaosWorld } from './world.ts';

const CASES = [
  ...SCRAPE_CASES,
  ...SEARCHED_CASES,
  ...PAGE_CASES,
  ...LIST_CASES,
  ...OTHER_CASES,
  ...CAP_CASES,
];
/** Some of them: `GLEANER_KILL_POINTS=dataforseo-submit npx vitest run --project chaos test/chaos/kill-points`. */
const CHOSEN = KILL_PLACES.map(nameOf).filter((name) =>
  name.includes(process.env['GLEANER_KILL_POINTS'] ?? ''),
);

/** Most of a case is a heartbeat that is waited for; the rest is two processes that start, of which two cores take a few. */
const AT_ONCE = 8;

let world: ChaosWorld;
let played: ReturnType<typeof playAll>;
beforeAll(async () => {
  // An account a case at each provider: they share nothing, neither limits nor lists.
  const accounts = Object.fromEntries(
    KILL_PLACES.map((place) => [nameOf(place), { password: SIMULATOR_PASSWORD, usdMicros: 1_000_000 }]),
  );
  world = await createWorld({
    speed: 60,
    knobs: { attemptFailureRate: 0, durationMs: 200, retryAfterSeconds: 1 },
    dataforseo: { accounts, knobs: { durationMs: 1_000 } },
  });
  const space = await world.newDatabase();
  const chosen = CASES.filter((kill) => CHOSEN.includes(nameOf(kill)));
  played = playAll(chosen, AT_ONCE, (kill) => playCase(world, space, kill));
});
afterAll(() => world.close());

it('has a case for every step of every protocol, and for each provider that has the step', () => {
  expect(CASES.map(nameOf).sort()).toEqual(KILL_PLACES.map(nameOf).sort());
});

describe('a worker killed with -9', () => {
  it.for(CHOSEN)('at %s: bought at most once, collected, all money named', async (name) => {
    await expect(played.get(name)).resolves.toBeUndefined();
  });
});
