import type { Store } from '../store/store.ts';
import { knowsSearchAttributes } from './search-attributes.ts';
import { bindStore } from './store-binding.ts';
import type { Temporal } from './temporal.ts';

/** What every call of one client shares; what is asked of the server is asked once. */
export interface ClientContext {
  readonly store: Store;
  readonly simulated: boolean;
  /** Connects at first use. */
  temporal(): Promise<Temporal>;
  /** The same, after binding this namespace and this store to each other. */
  forBuying(): Promise<{ temporal: Temporal }>;
  searchAttributes(): Promise<boolean>;
  close(): Promise<void>;
}

export function createContext(store: Store, connect: () => Promise<Temporal>): ClientContext {
  let connecting: Promise<Temporal> | undefined;
  let checked: Promise<void> | undefined;
  let attributes: Promise<boolean> | undefined;
  const temporal = (): Promise<Temporal> => {
    connecting ??= connect().catch((error: unknown) => {
      connecting = undefined; // the next call may find a server
      throw error;
    });
    return connecting;
  };
  return {
    store,
    simulated: store.owner.simulated,
    temporal,
    async forBuying() {
      const connected = await temporal();
      // Before the first worker too: a worker of the other kind would take what is started here.
      checked ??= bindStore(connected, store).catch((error: unknown) => {
        checked = undefined;
        throw error;
      });
      await checked;
      return { temporal: connected };
    },
    async searchAttributes() {
      const connected = await temporal();
      attributes ??= knowsSearchAttributes(connected);
      return attributes;
    },
    async close() {
      const connected = await connecting?.catch(() => undefined);
      await connected?.close();
    },
  };
}
