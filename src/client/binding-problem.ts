import type { Pairing, Store } from '../store/store.ts';
import { serverName } from './server-name.ts';
import type { Temporal } from './temporal.ts';

/** Which store a namespace works with. */
export interface StoreBinding {
  storeId: string;
  simulated: boolean;
  location: string;
  /** Of the workflow that says so; the store remembers it, so that another namespace or server is noticed. */
  runId: string;
}

/** Why store and namespace may not work together, and what to do about it; both are whole sentences. */
export interface BindingProblem {
  kind: 'other-store' | 'other-kind' | 'lost-store' | 'other-namespace' | 'other-server';
  detail: string;
  fix: string;
}

export interface BoundSides {
  temporal: Pick<Temporal, 'namespace' | 'address'>;
  /** What the namespace says it is bound to. */
  bound: StoreBinding | undefined;
  /** The store of this run; only its folder if it is not there yet. */
  store: Pick<Store, 'location' | 'owner'> | { location: string; owner?: undefined };
  /** What the store says it is bound to. */
  pairing: Pairing | undefined;
}

const TAKE_OVER = 'gleaner doctor --take-over';

/** Compares the two sides of a binding; undefined if they fit, or nothing is bound yet. */
export function bindingProblem(sides: BoundSides): BindingProblem | undefined {
  return storeProblem(sides) ?? namespaceProblem(sides);
}

/** Whether a store was paired with this namespace of this server, be its database another one by now. */
function isSamePlace(
  pairing: Pairing,
  { namespace, address }: Pick<Temporal, 'namespace' | 'address'>,
): boolean {
  return pairing.namespace === namespace && pairing.server === serverName(address);
}

function storeProblem({ temporal, bound, store }: BoundSides): BindingProblem | undefined {
  if (!bound || bound.storeId === store.owner?.storeId) return undefined;
  const theirs = `the store ${bound.location} (${kindOf(bound.simulated)}, store ${bound.storeId.slice(0, 8)})`;
  const works = `The Temporal namespace "${temporal.namespace}" works with ${theirs}`;
  if (store.location === bound.location) {
    return {
      kind: 'lost-store',
      detail: `${works}, but ${store.owner ? `what is there now was made anew on ${store.owner.createdAt}` : 'nothing is there any more'}: the store is lost.`,
      fix: `Stop, and restore it from a backup: it knows what was bought. If it is gone for good: ${TAKE_OVER}`,
    };
  }
  const mine = store.owner
    ? `${store.location} (${kindOf(store.owner.simulated)}, store ${store.owner.storeId.slice(0, 8)})`
    : `${store.location}, which is not there yet`;
  const detail = `${works}, but this run uses ${mine}, where what was bought there is not known.`;
  if (store.owner && store.owner.simulated !== bound.simulated) {
    return {
      kind: 'other-kind',
      detail,
      fix: bound.simulated
        ? `Real scrapes need a namespace of their own (TEMPORAL_NAMESPACE), or run without a key to simulate. To give this namespace to them: ${TAKE_OVER}`
        : 'Set the provider key to go on with the real scrapes, or TEMPORAL_NAMESPACE to another namespace to simulate.',
    };
  }
  return {
    kind: 'other-store',
    detail,
    fix: `Set GLEANER_HOME or GLEANER_STORE to that store, or TEMPORAL_NAMESPACE to another namespace. If this store replaces it: ${TAKE_OVER}`,
  };
}

function namespaceProblem({ temporal, bound, store, pairing }: BoundSides): BindingProblem | undefined {
  if (!pairing || pairing.runId === bound?.runId || isSamePlace(pairing, temporal)) return undefined;
  const { namespace, server } = pairing;
  const sameServer = server === serverName(temporal.address);
  return {
    kind: sameServer ? 'other-namespace' : 'other-server',
    detail:
      `The store ${store.location} works with the Temporal namespace "${namespace}" at ${server}, but this run uses ` +
      `"${temporal.namespace}" at ${serverName(temporal.address)}, where what is bought there is not counted.`,
    fix:
      `Set ${sameServer ? `TEMPORAL_NAMESPACE to "${namespace}"` : `TEMPORAL_ADDRESS to that server${namespace === temporal.namespace ? '' : ` and TEMPORAL_NAMESPACE to "${namespace}"`}`}, ` +
      `or GLEANER_HOME to another folder. If this namespace replaces it: ${TAKE_OVER}`,
  };
}

function kindOf(simulated: boolean): string {
  return simulated ? 'SIMULATED' : 'real scrapes';
}
