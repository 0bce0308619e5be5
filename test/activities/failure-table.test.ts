import { describe, expect, it } from 'vitest';
import { asFailures, consequenceOf, failure } from '../../src/activities/failure-table.ts';
import { REFUSAL_REASONS } from '../../src/contracts/journal.ts';
import { StoreError } from '../../src/store/store-error.ts';

describe('what follows from a refusal', () => {
  it('is final only where the request itself is wrong, and never for an account in trouble', () => {
    const final = REFUSAL_REASONS.filter((reason) => consequenceOf(reason).final);
    const blocking = REFUSAL_REASONS.filter((reason) => consequenceOf(reason).blocksAccount);
    expect(final).toEqual(['rejected']);
    expect(blocking).toEqual(['auth', 'no-funds', 'blocked']);
  });

  it('is never asked again at once, whatever the provider says: every try is two files in the journal', () => {
    expect(failure('RateLimited', 'again now', { retryAfterMs: 0 }).nextRetryDelay).toBe(1_000);
    expect(failure('RateLimited', 'later', { retryAfterMs: 30_000 }).nextRetryDelay).toBe(30_000);
  });
});

describe('a store in trouble', () => {
  it('is waited for, and anything else is thrown on', async () => {
    const full = asFailures(() =>
      Promise.reject(new StoreError('unavailable', 'journal/x', 'the disk is full')),
    );
    await expect(full).rejects.toMatchObject({ type: 'StoreUnavailable', nonRetryable: false });
    await expect(asFailures(() => Promise.reject(new RangeError('a bug')))).rejects.toThrow(/a bug/);
  });
});
