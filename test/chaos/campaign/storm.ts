import type { Random } from '../../../src/simulator/random.ts';
import { CALLBACK_FAULTS, CALL_FAULTS, RESULT_FAULTS } from '../../../src/simulator/dataforseo/faults.ts';
import type { TaskFault } from '../../../src/simulator/dataforseo/faults.ts';
import { POLL_FAULTS, SUBMIT_FAULTS } from '../../../src/simulator/faults.ts';
import type { SimulatorControl } from '../../../src/simulator/control.ts';
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
const RARE = new Set<string>(['credit-limit', 'stuck', 'huge-result', 'huge-body', 'postback-huge']);

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

/** Draws new rates for every fault of both simulators and of the wires; each is off for about half of the time. */
export async function changeWeather(
  { control, outbound, inbound }: { control: SimulatorControl; outbound: Wire; inbound: Wire },
  random: Random,
): Promise<void> {
  const rates = <F extends string>(faults: readonly F[], most: number): Partial<Record<F, number>> =>
    Object.fromEntries(
      faults.flatMap((fault) => {
        const rate = most * random.next() * (RARE.has(fault) ? 0.05 : 1);
        return random.chance(0.5) ? [[fault, rate]] : [];
      }),
    ) as Partial<Record<F, number>>; // its keys are those of the list
  outbound.rates = rates(WIRE_FAULTS, 0.12);
  inbound.rates = rates(WIRE_FAULTS, 0.2);
  await control.setKnobs({ submitFaults: rates(SUBMIT_FAULTS, 0.1), pollFaults: rates(POLL_FAULTS, 0.12) });
  await control.dataforseo.setKnobs({
    taskFaults: rates([...TASK_FAULTS_HERE, 'stuck'], 0.2),
    postFaults: rates(CALL_FAULTS, 0.1),
    readFaults: rates(CALL_FAULTS, 0.06),
  });
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
