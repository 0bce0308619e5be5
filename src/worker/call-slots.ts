import { ConfigError } from '../config/config-error.ts';
import type { Provider } from '../providers/provider.ts';

/** How many calls of each kind one queue of an account may have in flight in one worker process. */
export interface CallSlots {
  submits: number;
  reads: number;
}

/** For a provider that does not count calls in flight: enough that the rate is what limits. */
const UNCOUNTED: CallSlots = { submits: 50, reads: 100 };

/**
 * Shares out the calls that a provider takes of an account at once: over `workers` processes, and in each over the `queues`
 * that the account is polled under. Purchases and looks get at least one each, so too many processes are a `ConfigError`.
 */
export function callSlots(
  { name, limits }: Pick<Provider, 'name' | 'limits'>,
  { workers, queues }: { workers: number; queues: number },
): CallSlots {
  const { submitsAtOnce, readsAtOnce } = limits;
  if (submitsAtOnce === undefined || readsAtOnce === undefined) return UNCOUNTED;
  const all = submitsAtOnce + readsAtOnce;
  const shares = workers * queues;
  if (shares * 2 > all) {
    const most = Math.floor(all / 2 / queues);
    const message = `must be at most ${most}, not ${workers}: ${name} takes ${all} calls of an account at once, and each worker needs ${2 * queues}`;
    throw new ConfigError([{ field: 'GLEANER_WORKERS', message }]);
  }
  const submits = Math.max(1, Math.floor(submitsAtOnce / shares));
  return { submits, reads: Math.floor(all / shares) - submits };
}
