import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import {
  BATCH_FAULT_POINTS,
  CAP_FAULT_POINTS,
  LIST_FAULT_POINTS,
  PAGE_FAULT_POINTS,
  SCRAPE_FAULT_POINTS,
} from '../../src/activities/fault-points.ts';
import { SIMULATOR_PASSWORD } from '../../src/contracts/simulator-credentials.ts';
import { CAP_CASES } from './kills/cap-cases.ts';
import { loginOf, playAll, playCase } from './kills/kill-case.ts';
import { LIST_CASES } from './kills/list-cases.ts';
import { OTHER_CASES } from './kills/other-cases.ts';
import { PAGE_CASES } from './kills/page-cases.ts';
import { SCRAPE_CASES } from './kills/scrape-cases.ts';
import { createWorld } from './world.ts';
import type { ChaosWorld } from './world.ts';

const POINTS: readonly FaultPoint[] = [
  ...SCRAPE_FAULT_POINTS,
  ...PAGE_FAULT_POINTS,
  ...LIST_FAULT_POINTS,
  ...BATCH_FAULT_POINTS,
  ...CAP_FAULT_POINTS,
];
const CASES = [...SCRAPE_CASES, ...PAGE_CASES, ...LIST_CASES, ...OTHER_CASES, ...CAP_CASES];
/** Some of them: `GLEANER_KILL_POINTS=submit: npx vitest run --project chaos test/chaos/kill-points`. */
const CHOSEN = POINTS.filter((point) => point.includes(process.env['GLEANER_KILL_POINTS'] ?? ''));

/** Most of a case is a heartbeat that is waited for; the rest is two processes that start, of which two cores take a few. */
const AT_ONCE = 8;

let world: ChaosWorld;
let played: ReturnType<typeof playAll>;
beforeAll(async () => {
  // An account a case at each provider: they share nothing, neither limits nor lists.
  const accounts = Object.fromEntries(
    POINTS.map((point) => [loginOf(point), { password: SIMULATOR_PASSWORD, usdMicros: 1_000_000 }]),
  );
  world = await createWorld({
    speed: 60,
    knobs: { attemptFailureRate: 0, durationMs: 200, retryAfterSeconds: 1 },
    dataforseo: { accounts, knobs: { durationMs: 1_000 } },
  });
  const space = await world.newDatabase();
  const chosen = CASES.filter(({ point }) => CHOSEN.includes(point));
  played = playAll(chosen, AT_ONCE, (kill) => playCase(world, space, kill));
});
afterAll(() => world.close());

it('has a case for every step of every protocol', () => {
  expect(CASES.map(({ point }) => point).sort()).toEqual([...POINTS].sort());
});

describe('a worker killed with -9', () => {
  it.for(CHOSEN)('at %s: bought at most once, collected, all money named', async (point) => {
    await expect(played.get(point)).resolves.toBeUndefined();
  });
});
