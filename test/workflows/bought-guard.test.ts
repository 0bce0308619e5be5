import { describe, expect, it } from 'vitest';
import { boughtProblem } from '../../src/workflows/bought-guard.ts';

const ID = 'scrape/test/1';
const PLAN = { firstMs: 1, gapMs: 1, wideAfterMs: 1, wideGapMs: 1, retentionMs: 1 };
const RECEIPT = {
  scrapeId: ID,
  n: 1,
  try: 1,
  taskId: 'task',
  submittedAt: '2026-11-23T09:00:00.000Z',
  plan: PLAN,
};
const REFUSED = { scrapeId: ID, n: 1, try: 2, reason: 'rejected', message: 'no' };
const FAILURE = { type: 'ProviderRejected', message: 'no' };

describe('the purchase in an input', () => {
  it.each([
    { kind: 'receipt', journalled: true, receipt: RECEIPT },
    { kind: 'refused', journalled: true, refused: REFUSED },
    { kind: 'refused', journalled: false, refused: { ...REFUSED, retryAfterMs: 5 }, failure: FAILURE },
    { kind: 'unknown', open: { n: 1, settledBy: '2026-11-23T09:01:00.000Z', bound: {} } },
  ])('is taken as a partition writes it: %j', (bought) => {
    expect(boughtProblem(bought, ID)).toBeUndefined();
  });

  it.each([
    'yes',
    null,
    [],
    {},
    { kind: 'alone' },
    { kind: 'receipt' },
    { kind: 'receipt', receipt: { ...RECEIPT, n: 0 } },
    { kind: 'receipt', receipt: { ...RECEIPT, try: 1.5 } },
    { kind: 'receipt', receipt: { ...RECEIPT, taskId: 7 } },
    { kind: 'receipt', receipt: { ...RECEIPT, submittedAt: 'yesterday' } },
    { kind: 'receipt', receipt: { ...RECEIPT, plan: { ...PLAN, gapMs: '1' } } },
    { kind: 'refused', refused: { ...REFUSED, message: undefined } },
    { kind: 'refused', refused: { ...REFUSED, retryAfterMs: 'soon' } },
    { kind: 'refused', refused: REFUSED, failure: 'no' },
    { kind: 'unknown', open: { n: 1, settledBy: 'later' } },
    { kind: 'unknown', open: { settledBy: '2026-11-23T09:01:00.000Z' } },
  ])('is refused in any other shape, before a workflow trips over it: %j', (bought) => {
    expect(boughtProblem(bought, ID)).toMatch(/expected|purchase of/);
  });

  it.each([
    { kind: 'receipt', receipt: RECEIPT },
    { kind: 'refused', refused: REFUSED },
  ])('is refused under the id of another scrape: %j', (bought) => {
    expect(boughtProblem(bought, 'scrape/test/2')).toContain(`not of scrape/test/2`);
  });
});
