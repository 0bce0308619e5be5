import { expect } from 'vitest';
import type { CAP_FAULT_POINTS } from '../../../src/activities/fault-points.ts';
import { PROVIDERS } from '../../../src/contracts/scrapers.ts';
import type { ProviderName } from '../../../src/contracts/scrapers.ts';
import { SIMULATOR_PASSWORD } from '../../../src/contracts/simulator-credentials.ts';
import type { ChaosWorkerOptions } from '../worker-options.ts';
import { nameOf } from './kill-case.ts';
import type { KillCase, KillContext } from './kill-case.ts';
import { expectOneTask, startOne } from './list-cases.ts';
import { expectOneJob } from './scrape-cases.ts';

type CapPoint = (typeof CAP_FAULT_POINTS)[number];

/** Room for one scrape at either provider, and nothing is kept long for a worker that is dead. */
function capped(point: CapPoint, provider: ProviderName): Partial<ChaosWorkerOptions> {
  return {
    speed: 60,
    // A cap is an account's, by its name.
    account: nameOf({ point, provider }),
    caps: { day: { usdMicros: 600, credits: 3 }, graceMs: 0 },
  };
}

/** A death while money of a cap is reserved: the scrape gets it all the same, and never more than there is. */
export const CAP_CASES: KillCase[] = PROVIDERS.flatMap((provider) => [
  capCase('cap:before-line', provider),
  capCase('cap:line-written', provider),
  {
    ...capCase('cap:taken-back', provider),
    async start(context: KillContext) {
      await leaveMoneyReserved(context, provider);
      return startOne(context, provider, 'cap:taken-back');
    },
  },
]);

function capCase(point: CapPoint, provider: ProviderName): KillCase {
  return {
    point,
    provider,
    worker: capped(point, provider),
    start: (context) => startOne(context, provider, point),
    expectEnd: provider === 'dataforseo' ? expectOneTask : expectOneJob,
  };
}

/** Another scrape has all of the cap's money, its worker is dead, and it will never begin. */
async function leaveMoneyReserved(context: KillContext, provider: ProviderName): Promise<void> {
  const { world, space, taskQueue, key, login, prompt } = context;
  const owner = await startOne({ ...context, prompt: `${prompt} of somebody else` }, provider, 'cap:owner');
  const dead = await world.startWorker(space, {
    ...capped('cap:taken-back', provider),
    taskQueue,
    key,
    dataForSeoKey: `${login}:${SIMULATOR_PASSWORD}`,
    signalAt: { point: 'cap:line-written', nth: 1, signal: 'SIGKILL' },
  });
  expect(await dead.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await owner.terminate('its worker is dead');
}
