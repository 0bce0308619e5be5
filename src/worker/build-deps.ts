import { createAccountGate } from '../activities/account-gate.ts';
import { createCollector } from '../activities/collector.ts';
import { COLLECT_TIMING, PROOF_TIMING, SUBMIT_TIMING } from '../activities/deps.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import { createPriceBook } from '../activities/price-book.ts';
import { CAP_TIMING } from '../ledger/account-desk.ts';
import { createCapDesk } from '../ledger/cap-desk.ts';
import type { Config } from '../config/config.ts';
import { createHttp } from '../providers/http.ts';
import type { Store } from '../store/store.ts';
import { createAccountBook } from './account-book.ts';

/** What the activities need, from a configuration; `overrides` are for tests. */
export function buildDeps(
  config: Pick<Config, 'accounts' | 'simulated' | 'taskQueue'> & Partial<Pick<Config, 'workers'>>,
  store: Store,
  overrides: Partial<ActivityDeps> = {},
): ActivityDeps {
  const { collecting = COLLECT_TIMING, fault = () => undefined } = overrides;
  const { journal, caps } = overrides.store ?? store;
  const http = overrides.http ?? createHttp();
  return {
    store,
    http,
    accounts: createAccountBook(config.accounts, config.simulated),
    gate: createAccountGate(() => performance.now()),
    prices: createPriceBook(http, () => performance.now(), config.workers),
    collector: createCollector({ taskQueue: config.taskQueue, timing: collecting }),
    caps: createCapDesk({ caps, journal, timing: CAP_TIMING, fault }),
    timing: SUBMIT_TIMING,
    collecting,
    proof: PROOF_TIMING,
    searchAttributes: true,
    fault,
    ...overrides,
  };
}
