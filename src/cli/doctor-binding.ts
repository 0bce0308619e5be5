import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bindingProblem } from '../client/binding-problem.ts';
import { readBinding } from '../client/store-binding.ts';
import type { Temporal } from '../client/temporal.ts';
import type { Config } from '../config/config.ts';
import { openFileStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import type { AddFinding } from './finding.ts';

/** Whether store and namespace work with each other; names each way in which they may not. Makes no store. */
export async function checkBound(config: Config, temporal: Temporal, add: AddFinding): Promise<void> {
  const what = 'store of namespace';
  const store = await openIfThere(config);
  if (store === 'unreadable') return; // said where the store is looked at
  const bound = await readBinding(temporal);
  const problem = bindingProblem({
    temporal,
    bound,
    store: store ?? { location: config.store },
    pairing: await store?.pairings.current(),
  });
  if (problem) add({ level: 'fail', what, detail: problem.detail, fix: problem.fix });
  else if (bound) add({ level: 'ok', what, detail: 'this one' });
  else add({ level: 'ok', what, detail: 'none yet: the first worker or start binds it' });
}

/** The store, if there is one; makes none. */
export async function openIfThere(
  config: Pick<Config, 'store' | 'simulated'>,
): Promise<Store | 'unreadable' | undefined> {
  if (!existsSync(join(config.store, 'owner.json'))) return undefined;
  try {
    return await openFileStore(config.store, { simulated: config.simulated });
  } catch (error) {
    if (error instanceof StoreError) return 'unreadable';
    throw error;
  }
}
