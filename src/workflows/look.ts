import type { CheckInput, CheckResult } from '../activities/check.ts';
import { localActivities, readActivities } from './activity-proxies.ts';

/** Looks again and again until the task has ended, as attempts of one activity. */
export function lookUntilEnded(input: CheckInput): Promise<CheckResult> {
  const summary = 'look until it has ended';
  return readActivities(input.ref).check.executeWithOptions({ summary }, [input]);
}

/** What a hint is good for: a posted result is taken from the store, else the provider is asked once. */
export async function lookWhenTold(input: CheckInput, hint?: { posted: boolean }): Promise<CheckResult> {
  if (hint?.posted) {
    const taken = await localActivities.takePosted(input).catch(() => undefined);
    if (taken && taken.kind !== 'pending') return taken;
  }
  const summary = 'told to be ready';
  return readActivities(input.ref).check.executeWithOptions({ summary }, [{ ...input, once: true }]);
}
