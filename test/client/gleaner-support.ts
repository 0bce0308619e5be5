import { connectGleaner, type Gleaner } from '../../src/client/connect-gleaner.ts';
import type { Config } from '../../src/config/config.ts';
import type { Account } from '../../src/providers/account.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestSystem } from '../support/system.ts';

/** A client of a test system; another task queue is one that no worker polls. */
export function connectTo(
  system: TestSystem,
  { taskQueue = 'gleaner', store = system.store, accounts = [system.account] }: Partial<Connected> = {},
): Promise<Gleaner> {
  const config: Config = {
    home: system.folder,
    stateFolder: system.folder,
    store: store.location,
    simulated: true,
    taskQueue,
    workers: 1,
    temporalPort: 7233,
    uiPort: 8233,
    simulatorPort: 8808,
    simulatorSpeed: 20,
    webhookPort: 8809,
    temporalEnv: {},
    accounts,
  };
  return connectGleaner({ config, client: system.client, store });
}

interface Connected {
  taskQueue: string;
  store: Store;
  accounts: Account[];
}

/** The kind and the message of what a promise was rejected with. */
export async function refusal(promise: Promise<unknown>): Promise<{ kind: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error && 'kind' in error)
      return { kind: String(error.kind), message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}
