import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROOF_TIMING } from '../../src/activities/deps.ts';
import { decideSearch, searchWindow } from '../../src/activities/search-decision.ts';
import type { SearchDecision } from '../../src/activities/search-decision.ts';
import type { Intent } from '../../src/contracts/journal.ts';
import type { Sweep } from '../../src/contracts/sweep.ts';
import { createJournal } from '../../src/store/journal.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { makeIntent } from '../store/fixtures.ts';

/** Only its tags are used. */
const JOURNAL = createJournal({ location: 'nowhere' } as ObjectStore, 'abc123');
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const REACH_MS = 28 * DAY_MS;
const CREATED_MS = Date.parse('2026-01-02T03:00:00.000Z');
const SETTLED_MS = CREATED_MS + 65_000;
const iso = (ms: number): string => new Date(ms).toISOString();

const INTENT: Intent = makeIntent(JOURNAL, {
  createdAt: iso(CREATED_MS),
  settledBy: iso(SETTLED_MS),
  owner: 'us',
});
const bought = (atMs: number, taskId = 'task-1') => ({ taskId, postedAt: iso(atMs), charge: {} });

/** A whole search that shows nothing, begun so long after the purchase was settled. */
function swept(afterMs: number, changes: Partial<Sweep> = {}): Sweep {
  const { fromMs, toMs } = searchWindow(INTENT, PROOF_TIMING);
  const begunMs = SETTLED_MS + afterMs;
  return {
    provider: 'dataforseo',
    account: INTENT.account,
    endpoint: INTENT.endpoint,
    owner: INTENT.owner,
    family: 'serp',
    from: iso(fromMs),
    to: iso(Math.min(toMs, begunMs)),
    begunAt: iso(begunMs),
    clockOffsetMs: 0,
    complete: true,
    own: {},
    ...changes,
  };
}

function decide(sweeps: Sweep[], nowMs = SETTLED_MS + 60 * MINUTE_MS): SearchDecision {
  return decideSearch(INTENT, sweeps, { nowMs, reachMs: REACH_MS, proof: PROOF_TIMING });
}

const LATE = PROOF_TIMING.aloneAfterMs;
const WITNESS = { newestOwn: iso(SETTLED_MS + MINUTE_MS) };

describe('a purchase whose answer was lost', () => {
  it('is found wherever a search shows its mark, and the oldest one is it', () => {
    const own = { [INTENT.tag]: [bought(CREATED_MS + 2_000, 'second'), bought(CREATED_MS + 1_000, 'first')] };
    const unfit = { complete: false, clockOffsetMs: DAY_MS, own };
    expect(decide([swept(-MINUTE_MS, unfit)])).toMatchObject({
      kind: 'found',
      purchase: { taskId: 'first' },
    });
    expect(decide([swept(LATE), swept(0, { own })])).toMatchObject({ kind: 'found' });
  });

  it('is not taken from a list of what is ready, which tells no price, while a search may still come to show it', () => {
    const listed = swept(-MINUTE_MS, {
      listed: true,
      complete: false,
      own: { [INTENT.tag]: [bought(CREATED_MS)] },
    });
    const early = SETTLED_MS + PROOF_TIMING.witnessedAfterMs - 1;
    expect(decide([swept(0), listed], early)).toMatchObject({ kind: 'unproven' });
    expect(decide([swept(0), listed], early + 1)).toMatchObject({
      kind: 'found',
      purchase: { taskId: 'task-1' },
    });
    const priced = { ...bought(CREATED_MS), charge: { usdMicros: 600 } };
    const shown = swept(MINUTE_MS, { own: { [INTENT.tag]: [priced] } });
    expect(decide([swept(0), shown, listed], early)).toMatchObject({ kind: 'found', purchase: priced });
  });

  it('is absent after half an hour in which no search showed it', () => {
    expect(decide([swept(LATE)])).toMatchObject({ kind: 'absent' });
    expect(decide([swept(LATE - 1)])).toMatchObject({ kind: 'unproven' });
  });

  it('is absent after ten minutes if a later purchase of ours was shown, and not before', () => {
    expect(decide([swept(PROOF_TIMING.witnessedAfterMs, WITNESS)])).toMatchObject({ kind: 'absent' });
    expect(decide([swept(PROOF_TIMING.witnessedAfterMs - 1, WITNESS)])).toMatchObject({ kind: 'unproven' });
    const earlier = { newestOwn: iso(SETTLED_MS) };
    expect(decide([swept(PROOF_TIMING.witnessedAfterMs, earlier)])).toMatchObject({ kind: 'unproven' });
  });

  it.each<[string, Partial<Sweep>]>([
    ['cut off', { complete: false }],
    ['of another account', { account: 'other' }],
    ['of another login under the same name', { owner: 'other' }],
    ['of a login that nobody wrote down', { owner: undefined }],
    ['of another endpoint', { endpoint: 'https://sandbox.example' }],
    ['that begins too late in the list', { from: iso(CREATED_MS) }],
    ['that ends too early in the list', { to: iso(SETTLED_MS - 1) }],
    ['begun before it was settled', { begunAt: iso(SETTLED_MS - 1) }],
  ])('is not absent by a search %s, and is searched again', (_, changes) => {
    expect(decide([swept(LATE, changes)])).toMatchObject({ kind: 'unproven' });
  });

  it('is given up where another purchase of ours shows that a machine that buys has a wrong clock', () => {
    const slack = PROOF_TIMING.clockSlackMs;
    expect(decide([swept(LATE, { buyerOffMs: slack })])).toMatchObject({ kind: 'absent' });
    expect(decide([swept(LATE, { buyerOffMs: slack + 1 })])).toMatchObject({ kind: 'unprovable' });
    const early = { ...WITNESS, buyerOffMs: slack + 1 };
    expect(decide([swept(PROOF_TIMING.witnessedAfterMs, early)])).toMatchObject({ kind: 'unproven' });
  });

  it('is given up where the list shows purchases of that time without marks', () => {
    expect(decide([swept(LATE, unmarked(CREATED_MS, CREATED_MS))])).toMatchObject({ kind: 'unprovable' });
    // Among others, before and after.
    expect(decide([swept(LATE, unmarked(CREATED_MS - DAY_MS, CREATED_MS + DAY_MS))])).toMatchObject({
      kind: 'unprovable',
    });
    // Purchases of another time are somebody else's.
    const before = CREATED_MS - 10 * MINUTE_MS;
    expect(decide([swept(LATE, unmarked(before, before))])).toMatchObject({ kind: 'absent' });
  });

  it('is given up where clocks differ, when it is too old for the list, and when no search is whole for a day', () => {
    expect(decide([swept(LATE, { clockOffsetMs: 61_000 })])).toMatchObject({ kind: 'unprovable' });
    expect(decide([swept(LATE)], CREATED_MS + REACH_MS)).toMatchObject({ kind: 'unprovable' });
    expect(decide([swept(DAY_MS, { complete: false })])).toMatchObject({ kind: 'unprovable' });
  });

  it('is searched for at once, soon again, then seldom, and whenever a search may be proof', () => {
    expect(next()).toBe(0);
    expect(next(0)).toBe(30_000);
    expect(next(0, 4 * MINUTE_MS)).toBe(6 * MINUTE_MS);
    expect(next(9 * MINUTE_MS)).toBe(10 * MINUTE_MS);
    expect(next(29 * MINUTE_MS)).toBe(30 * MINUTE_MS);
  });
});

function unmarked(fromMs: number, toMs: number): Partial<Sweep> {
  return { unmarked: { from: iso(fromMs), to: iso(toMs) } };
}

/** When to search again after searches that were begun so long after the purchase was settled, as such a time. */
function next(...afterMs: number[]): number {
  const said = decide(afterMs.map((ms) => swept(ms)));
  if (said.kind !== 'unproven') throw new Error(said.kind);
  return said.searchAtMs - SETTLED_MS;
}

/** What the provider knows, and what its list shows of it at a time. */
interface Truth {
  /** Tasks with our mark, our other marks, somebody else's, and those that are shown without one. */
  rows: Array<{ atMs: number; lagMs: number; whose: 'this' | 'own' | 'foreign'; marked: boolean }>;
}

function list(truth: Truth, { begunMs, complete, offsetMs }: Search): Sweep {
  const base = swept(begunMs - SETTLED_MS);
  const [from, to] = [Date.parse(base.from), Date.parse(base.to)];
  const shown = truth.rows.filter(
    ({ atMs, lagMs }, i) => atMs >= from && atMs <= to && atMs + lagMs <= begunMs && (complete || i > 0), // cut off: just the one is missing
  );
  const stamp = (atMs: number): string => iso(atMs + offsetMs);
  const own: Sweep['own'] = {};
  for (const { whose, marked, atMs } of shown) {
    if (!marked || whose === 'foreign') continue;
    const tag = whose === 'this' ? INTENT.tag : JOURNAL.tag('other', 1);
    (own[tag] ??= []).push({ ...bought(atMs), postedAt: stamp(atMs) });
  }
  const newest = Math.max(
    ...shown.filter((row) => row.marked && row.whose !== 'foreign').map(({ atMs }) => atMs),
  );
  const bare = shown.filter(({ marked }) => !marked).map(({ atMs }) => atMs);
  return {
    ...base,
    complete,
    clockOffsetMs: offsetMs,
    own,
    ...(Number.isFinite(newest) && { newestOwn: stamp(newest) }),
    ...(bare.length > 0 && { unmarked: { from: stamp(Math.min(...bare)), to: stamp(Math.max(...bare)) } }),
  };
}

interface Search {
  begunMs: number;
  complete: boolean;
  offsetMs: number;
}

/** Late rows, and times close to where the decision turns, are as likely as all others together. */
const lagArbitrary = fc.oneof(fc.integer({ min: 0, max: 5 * MINUTE_MS }), fc.constantFrom(0, 5 * MINUTE_MS));
const rowArbitrary = fc.record({
  atMs: fc.oneof(
    fc.integer({ min: CREATED_MS - 10 * MINUTE_MS, max: SETTLED_MS + 40 * MINUTE_MS }),
    fc.integer({ min: SETTLED_MS, max: SETTLED_MS + 2 * MINUTE_MS }),
  ),
  lagMs: lagArbitrary,
  whose: fc.constantFrom('own' as const, 'foreign' as const),
  marked: fc.oneof(fc.boolean(), fc.constant(true)),
});
const searchArbitrary = fc.record({
  begunMs: fc.oneof(
    fc.integer({ min: SETTLED_MS - 2 * MINUTE_MS, max: SETTLED_MS + 60 * MINUTE_MS }),
    fc.integer({ min: SETTLED_MS, max: SETTLED_MS + 6 * MINUTE_MS }),
  ),
  complete: fc.boolean(),
  offsetMs: fc.oneof(fc.integer({ min: -120_000, max: 120_000 }), fc.constant(0)),
});

describe('whatever else the list shows, with rows up to five minutes late', () => {
  it('is never absent if the provider took it', () => {
    const taken = fc.record({
      // From the intent to the moment at which our own deadline was over.
      atMs: fc.integer({ min: CREATED_MS, max: SETTLED_MS }),
      lagMs: lagArbitrary,
      whose: fc.constant('this' as const),
      marked: fc.boolean(),
    });
    fc.assert(
      fc.property(
        taken,
        fc.array(rowArbitrary, { maxLength: 6 }),
        fc.array(searchArbitrary, { minLength: 1, maxLength: 6 }),
        (row, others, searches) => {
          const truth: Truth = { rows: [row, ...others] };
          expect(decide(searches.map((search) => list(truth, search))).kind).not.toBe('absent');
        },
      ),
      { numRuns: 600 },
    );
  });

  it('is absent in the end if the provider did not take it and marks what it shows', () => {
    fc.assert(
      fc.property(fc.array(rowArbitrary, { maxLength: 6 }), (others) => {
        const truth: Truth = { rows: others.map((row) => ({ ...row, marked: true })) };
        const last = { begunMs: SETTLED_MS + LATE, complete: true, offsetMs: 0 };
        expect(decide([list(truth, last)]).kind).toBe('absent');
      }),
    );
  });
});
