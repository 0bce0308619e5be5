import { describe, expect, it } from 'vitest';
import { bindingProblem } from '../../src/client/binding-problem.ts';
import type { BoundSides } from '../../src/client/binding-problem.ts';
import { serverName } from '../../src/client/server-name.ts';

const OWNER = {
  storeId: 'store-1',
  tagPrefix: 'abc123',
  simulated: false,
  createdAt: '2026-01-01T00:00:00Z',
};
const TEMPORAL = { namespace: 'default', address: '127.0.0.1:7233' };
const BOUND = { storeId: 'store-1', simulated: false, location: '/store', runId: 'run-1' };
const PAIRING = {
  namespace: 'default',
  server: serverName(TEMPORAL.address),
  runId: 'run-1',
  at: OWNER.createdAt,
};

function kindOf(changes: Partial<BoundSides>): string | undefined {
  const store = { location: '/store', owner: OWNER };
  return bindingProblem({ temporal: TEMPORAL, bound: BOUND, store, pairing: PAIRING, ...changes })?.kind;
}

describe('store and namespace', () => {
  it('work together if both say so, if nothing is bound yet, and on a database that was made anew', () => {
    expect(kindOf({})).toBeUndefined();
    expect(kindOf({ bound: undefined, pairing: undefined })).toBeUndefined();
    expect(kindOf({ bound: undefined })).toBeUndefined();
    expect(kindOf({ bound: { ...BOUND, runId: 'run-2' } })).toBeUndefined();
  });

  it('do not if the namespace works with another store, where what was bought is not known here', () => {
    const other = { location: '/other', owner: { ...OWNER, storeId: 'store-2' } };
    expect(kindOf({ store: other, pairing: undefined })).toBe('other-store');
    expect(kindOf({ store: { location: '/other' }, pairing: undefined })).toBe('other-store');
    const simulated = { location: '/other', owner: { ...other.owner, simulated: true } };
    expect(kindOf({ store: simulated, pairing: undefined })).toBe('other-kind');
  });

  it('do not if the store’s own folder has become another store: its journal is lost', () => {
    const anew = { location: '/store', owner: { ...OWNER, storeId: 'store-2' } };
    expect(kindOf({ store: anew, pairing: undefined })).toBe('lost-store');
    expect(kindOf({ store: { location: '/store' }, pairing: undefined })).toBe('lost-store');
  });

  it('do not if the store works with another namespace or server, whose purchases it would not count', () => {
    expect(kindOf({ bound: undefined, pairing: { ...PAIRING, namespace: 'other' } })).toBe('other-namespace');
    expect(kindOf({ bound: undefined, pairing: { ...PAIRING, server: '10.0.0.1:7233' } })).toBe(
      'other-server',
    );
  });
});
