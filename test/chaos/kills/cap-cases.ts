import { expect } from 'vitest';
import type { CAP_FAULT_POINTS } from '../../../src/activities/fault-points.ts';
import { SIMULATOR_PASSWORD } from '../../../src/contracts/simulator-credentials.ts';
import type { ChaosWorkerOptions } from '../worker-options.ts';
import type { KillCase, KillContext } from './kill-case.ts';
import { expectOneTask, startDataForSeo } from './list-cases.ts';

/** Room for one result page, and nothing is kept long for a worker that is dead. */
const CAPPED: Partial<ChaosWorkerOptions> = {
  speed: 60,
  caps: { day: { usdMicros: 600 }, graceMs: 0 },
};

/** A death while money of a cap is reserved: the scrape gets it all the same, and never more than there is. */
export const CAP_CASES: KillCase[] = (['cap:before-line', 'cap:line-written'] as const).map(capCase).concat({
  ...capCase('cap:taken-back'),
  async start(context) {
    await leaveMoneyReserved(context);
    return startDataForSeo(context, 'cap:taken-back');
  },
});

function capCase(point: (typeof CAP_FAULT_POINTS)[number]): KillCase {
  return {
    point,
    worker: CAPPED,
    start: (context) => startDataForSeo(context, point),
    expectEnd: expectOneTask,
  };
}

/** Another scrape has all of the cap's money, its worker is dead, and it will never begin. */
async function leaveMoneyReserved(context: KillContext): Promise<void> {
  const { world, space, taskQueue, key, login, prompt } = context;
  const owner = await startDataForSeo({ ...context, prompt: `${prompt} of somebody else` }, 'cap:owner');
  const dead = await world.startWorker(space, {
    ...CAPPED,
    taskQueue,
    key,
    dataForSeoKey: `${login}:${SIMULATOR_PASSWORD}`,
    signalAt: { point: 'cap:line-written', nth: 1, signal: 'SIGKILL' },
  });
  expect(await dead.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await owner.terminate('its worker is dead');
}
