import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignWorld } from './campaign-world.ts';
import { clearWeather } from './storm.ts';

const DAY_MS = 24 * 3_600_000;
/** Longer than a scrape takes without faults, lost answers and closed accounts included. */
const QUIET_MS = 100_000;
/** The longest life of a simulated task that is not stuck, at this speed. */
const LAST_ENDS_MS = 30_000;
const GIVE_UP_MS = 900_000;

/**
 * Ends all faults and waits until every scrape has its outcome. Tasks that never end are helped by the clock: a month later
 * they are past their retention. Returns false if something did not end.
 */
export async function settle(world: CampaignWorld, log: (line: string) => void): Promise<boolean> {
  const { keeper, control, diskFullFile, leaps, options } = world;
  await rm(diskFullFile, { force: true });
  await clearWeather(world);
  const begunAt = Date.now();
  let leapt = false;
  while (keeper.open.length > 0) {
    await sleep(1_000);
    await keeper.tend().catch((error: unknown) => log(String(error)));
    const passedMs = Date.now() - begunAt;
    if (passedMs > GIVE_UP_MS) return false;
    if (
      options.audit ||
      leapt ||
      (passedMs < QUIET_MS && (passedMs < LAST_ENDS_MS || !(await onlyStuck(world))))
    )
      continue;
    leapt = true;
    log(`${Math.round(passedMs / 1000)} s without faults; a month passes for what is stuck`);
    await control.advance(31 * DAY_MS);
    leaps.push({ atMs: Date.now(), ms: 31 * DAY_MS });
  }
  log(`all ended ${Math.round((Date.now() - begunAt) / 1000)} s after the last fault`);
  return true;
}

/** Whether nothing is waited for any more but tasks that will never end. */
async function onlyStuck({ keeper, control }: CampaignWorld): Promise<boolean> {
  const left: string[] = [];
  for (const batch of keeper.open) {
    const ids = new Set(await keeper.unsettled(batch));
    left.push(...batch.scrapes.filter(({ scrapeId }) => ids.has(scrapeId)).map(({ mark }) => mark));
  }
  if (left.length === 0) return false;
  const { tasks } = await control.dataforseo.ledger();
  const pending = tasks.filter(({ readyAt }) => readyAt === null);
  return left.every((mark) => pending.some(({ keyword }) => keyword.includes(mark)));
}
