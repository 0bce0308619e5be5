import { CALLBACK_FAULTS, CALL_FAULTS, RESULT_FAULTS } from '../../../src/simulator/dataforseo/faults.ts';
import type { TaskFault } from '../../../src/simulator/dataforseo/faults.ts';
import { POLL_FAULTS, SUBMIT_FAULTS } from '../../../src/simulator/faults.ts';
import type { SimulatorControl } from '../../../src/simulator/control.ts';
import type { DataForSeoKnobs } from '../../../src/simulator/dataforseo/knobs.ts';
import type { Knobs } from '../../../src/simulator/knobs.ts';
import type { Random } from '../../../src/simulator/random.ts';
import type { CampaignWorld } from './campaign-world.ts';
import { readTraffic } from './evidence.ts';
import { WIRE_FAULTS } from './wire.ts';
import type { Wire } from './wire.ts';

/**
 * `overcharged` is left out: it breaks every ceiling by what the vendor took too much, and Gleaner then stops buying there
 * until it is started again. `credit-limit` and its like close the account for a minute, so they are rare.
 */
const TASK_FAULTS_HERE: readonly TaskFault[] = [
  'rejected',
  'engine-error',
  'no-results',
  'execution-failed',
  'hidden',
  'never-listed',
  'listed-late',
  'listed-twice',
  'listed-before-postback',
  'searched-late',
  'searched-without-tag',
  'refund-withheld',
  ...RESULT_FAULTS,
  ...CALLBACK_FAULTS,
];
/** They take long, or close the account for a while. */
const RARE = new Set<string>(['credit-limit', 'huge-result', 'huge-body', 'postback-huge']);
/** A stuck task holds its batch open until a month has passed at the end, so none comes early; most tasks are bought by half-time. */
const STUCK_FROM = 0.2;

/** Times that fit to a world a hundred times as fast as life; the lists lag less than the proof reckons with. */
export const KNOBS = {
  scrapellm: {
    attemptMedianMs: 300_000,
    attemptP95Ms: 700_000,
    slowSubmitMs: 2_500,
    slowPollMs: 2_000,
    attemptFailureRate: 0.25,
    youngJobMs: 4_000,
    retryAfterSeconds: 1,
  },
  dataforseo: {
    normalMedianMs: 400_000,
    normalP95Ms: 1_000_000,
    slowMs: 2_500,
    hiddenMs: 2_000,
    listedLateMs: 8_000,
    searchedLateMs: 2_000,
    callbackLateMs: 6_000,
    callbackTimeoutMs: 3_000,
    hugeBytes: 3_000_000,
  },
} as const;

/** What the vendors' pages leave open, for a whole run: when and what they give back, and what an answer says of its price. */
export function drawHabits(random: Random): {
  scrapellm?: Partial<Knobs>;
  dataforseo?: Partial<DataForSeoKnobs>;
} {
  const refundDelayMs = [0, 5_000, null] as const;
  return {
    scrapellm: { refundDelayMs: random.pick(refundDelayMs) },
    dataforseo: {
      refundDelayMs: random.pick(refundDelayMs),
      unusedPages: random.pick(['stated', 'all', 'none'] as const),
      costOnGet: random.chance(0.5),
    },
  };
}

/**
 * Draws new rates for every fault of both simulators and of the wires; each is off for about half of the time, and those that
 * have fallen more often than others of their kind are weaker. `part` of the campaign's time has passed.
 */
export async function changeWeather(world: CampaignWorld, part: number): Promise<void> {
  const { control, outbound, inbound, random, simulatorUrl, book, options, madeBefore } = world;
  const fallen = new Map(Object.entries(madeBefore));
  const { faults } = await readTraffic(simulatorUrl);
  for (const { on, fault } of faults) count(fallen, `${on}: ${fault}`);
  for (const { kind } of book.faults) count(fallen, kind);
  const rates = <F extends string>(
    on: string,
    faults: readonly F[],
    most: number,
  ): Partial<Record<F, number>> => {
    const times = (fault: F): number => fallen.get(`${on}${fault}`) ?? 0;
    const mean = faults.reduce((sum, fault) => sum + times(fault), 0) / faults.length;
    return Object.fromEntries(
      faults.flatMap((fault) => {
        // Nothing is missing before anything has fallen.
        const missing = mean < 1 ? 1 : Math.min(2, Math.max(0.2, mean / Math.max(1, times(fault))));
        const rate = most * random.next() * missing * (RARE.has(fault) && times(fault) >= mean / 2 ? 0.5 : 1);
        return random.chance(0.5) ? [[fault, rate]] : [];
      }),
    ) as Partial<Record<F, number>>; // its keys are those of the list
  };
  outbound.rates = rates('call ', WIRE_FAULTS, 0.12);
  inbound.rates = rates('post ', WIRE_FAULTS, 0.2);
  await control.setKnobs({
    submitFaults: rates('submit: ', SUBMIT_FAULTS, 0.35),
    pollFaults: rates('poll: ', POLL_FAULTS, 0.2),
  });
  const stuck: TaskFault[] = part > STUCK_FROM && !options.audit ? ['stuck'] : [];
  await control.dataforseo.setKnobs({
    taskFaults: rates('task: ', [...TASK_FAULTS_HERE, ...stuck], 0.2),
    postFaults: rates('task_post: ', CALL_FAULTS, 0.4),
    readFaults: rates('read: ', CALL_FAULTS, 0.5),
  });
}

function count(times: Map<string, number>, kind: string): void {
  times.set(kind, (times.get(kind) ?? 0) + 1);
}

/** No fault falls any more. */
export async function clearWeather(world: {
  control: SimulatorControl;
  outbound: Wire;
  inbound: Wire;
}): Promise<void> {
  const { control, outbound, inbound } = world;
  outbound.rates = {};
  inbound.rates = {};
  await control.setKnobs({ submitFaults: {}, pollFaults: {} });
  await control.dataforseo.setKnobs({ taskFaults: {}, postFaults: {}, readFaults: {} });
}
