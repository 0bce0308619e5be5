import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  BATCH_FAULT_POINTS,
  CAP_FAULT_POINTS,
  LIST_FAULT_POINTS,
  PAGE_FAULT_POINTS,
  SCRAPE_FAULT_POINTS,
} from '../../src/activities/fault-points.ts';

const FOLDERS = ['activities', 'ledger', 'lists'].map((name) =>
  fileURLToPath(new URL(`../../src/${name}`, import.meta.url)),
);
const POINTS: readonly string[] = [
  ...SCRAPE_FAULT_POINTS,
  ...PAGE_FAULT_POINTS,
  ...LIST_FAULT_POINTS,
  ...BATCH_FAULT_POINTS,
  ...CAP_FAULT_POINTS,
];

/**
 * A step is whatever an activity changes or asks outside of this process: it creates, writes, marks or clears something in
 * the store, or it sends a request. Reading again changes nothing, and a signal that is lost costs time only.
 */
const STEP =
  /\b(?:(?:store|deps\.store)\.)?(?:journal|results|records|sweeps|batches|postbacks|caps|retries)\.(?:create\w*|write\w*|append|stopRun|clear)\(|\bhttp\.send\(/g;
const POINT = /\b(?:deps\.)?fault\((?:'([^']+)'|(\w+))\)/g;

/** Steps whose point is in their caller: right after the call, or in a function that it hands over. */
const POINT_IN_CALLER: Record<string, string> = {
  'adopt-purchases.ts adoptPurchases journal.createDuplicate': 'sweep:duplicate-written',
  'adopt-purchases.ts adoptPurchases journal.createReceipt': 'sweep:adopted',
  'collect.ts readList http.send': 'collect:listed',
  'read-purchases.ts ask http.send': 'sweep:answered',
  'reconcile.ts settleBySearch journal.createUnknown': 'reconcile:settled',
  'reconcile.ts giveUp journal.createUnknown': 'reconcile:settled',
};

/**
 * Asks whether a blocked account may buy again, and for its prices: free, and nothing is written after it that a kill could
 * lose.
 */
const NEEDS_NONE = ['closed-account.ts closedFailure http.send', 'price-book.ts createPriceBook http.send'];

interface Step {
  name: string;
  hasPoint: boolean;
}

/** A step has a point if one follows in its function before the next step does, but for the two arms of an if or a case. */
function stepsOf(file: string): Step[] {
  const source = readFileSync(file, 'utf8');
  return source.split(/^(?=(?:export )?(?:async )?function )/m).flatMap((part) => {
    const name = /^(?:export )?(?:async )?function (\w+)/.exec(part)?.[1] ?? '';
    const steps = [...part.matchAll(STEP)];
    return steps.map((step, i) => {
      const from = step.index;
      const next = steps[i + 1];
      const between = part.slice(from, next && !isOtherArm(part, from, next.index) ? next.index : undefined);
      const call = step[0].replace(/^(?:deps\.)?(?:store\.)?/, '').replace('(', '');
      return { name: `${basename(file)} ${name} ${call}`, hasPoint: between.search(POINT) >= 0 };
    });
  });
}

/** `if (a) step; else step;` is one step with one point after it. */
function isOtherArm(part: string, from: number, to: number): boolean {
  return /;\s+else [^;]*$/.test(part.slice(from, to));
}

const FILES = FOLDERS.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
const STEPS = FILES.flatMap(stepsOf);

describe('fault points', () => {
  it('follow every step of the activities that changes or asks something outside', () => {
    const without = STEPS.filter(({ hasPoint }) => !hasPoint).map(({ name }) => name);
    expect(without.sort()).toEqual([...Object.keys(POINT_IN_CALLER), ...NEEDS_NONE].sort());
  });

  it('are looked for where the steps are', () => {
    expect(STEPS.length).toBeGreaterThanOrEqual(25);
    expect(STEPS.map(({ name }) => name)).toContain('submit.ts buy journal.createIntent');
    expect(STEPS.map(({ name }) => name)).toContain('observe.ts observe http.send');
    expect(STEPS.map(({ name }) => name)).toContain('recount.ts count journal.createIntent');
    expect(STEPS.filter(({ name }) => name === 'account-desk.ts  caps.append')).toHaveLength(2);
  });

  it('are all in the list, each is reached somewhere, and none is named twice', () => {
    const source = FILES.filter((file) => basename(file) !== 'fault-points.ts')
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
      .replaceAll(/fault: \(point: [^)]*\)/g, ''); // says which there are, and reaches none
    const reached = [
      ...source.matchAll(
        /'((?:submit|check|page|collect|sweep|reconcile|resend|batch|cancel|cap):[a-z-]+)'/g,
      ),
    ];
    expect(new Set(reached.map(([, point]) => point))).toEqual(new Set(POINTS));
    expect(new Set(POINTS).size).toBe(POINTS.length);
    for (const point of Object.values(POINT_IN_CALLER)) expect(POINTS).toContain(point);
  });
});
