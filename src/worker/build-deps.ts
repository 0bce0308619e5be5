import { createAccountGate } from '../activities/account-gate.ts';
import { SUBMIT_TIMING } from '../activities/deps.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import type { Config } from '../config/config.ts';
import { createHttp } from '../providers/http.ts';
import type { Store } from '../store/store.ts';
import { createAccountBook } from './account-book.ts';

/** What the activities need, from a configuration; `overrides` are for tests. */
export function buildDeps(
  config: Pick<Config, 'accounts' | 'simulated'>,
  store: Store,
  overrides: Partial<ActivityDeps> = {},
): ActivityDeps {
  return {
    store,
    http: createHttp(),
    accounts: createAccountBook(config.accounts, config.simulated),
    gate: createAccountGate(() => performance.now()),
    timing: SUBMIT_TIMING,
    searchAttributes: true,
    fault: () => undefined,
    ...overrides,
  };
}
