import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { cutMessage } from '../contracts/failures.ts';
import type { FailureType } from '../contracts/failures.ts';
import type { RefusalReason, Refused } from '../contracts/journal.ts';
import { StoreError } from '../store/store-error.ts';

/** What follows from a refusal. The one table from provider signals to Temporal; vendor codes end before it. */
interface Consequence {
  type: FailureType;
  final: boolean;
  /** Closes the account's gate: nothing more is bought there until a probe goes through. */
  blocksAccount: boolean;
}

const CONSEQUENCES: Record<RefusalReason, Consequence> = {
  'not-sent': { type: 'NetworkError', final: false, blocksAccount: false },
  'rate-limited': { type: 'RateLimited', final: false, blocksAccount: false },
  busy: { type: 'ProviderUnavailable', final: false, blocksAccount: false },
  auth: { type: 'AccountBlocked', final: false, blocksAccount: true },
  'no-funds': { type: 'AccountBlocked', final: false, blocksAccount: true },
  blocked: { type: 'AccountBlocked', final: false, blocksAccount: true },
  rejected: { type: 'ProviderRejected', final: true, blocksAccount: false },
};

export function consequenceOf(reason: RefusalReason): Consequence {
  return CONSEQUENCES[reason];
}

/** A provider that says "again at once" is not taken at its word: every try is two files in the journal. */
const MIN_RETRY_MS = 1_000;

/** The failure an activity throws. `retryAfterMs` overrides Temporal's own back-off for the next attempt. */
export function failure(
  type: FailureType,
  message: string,
  options: { final?: boolean; retryAfterMs?: number; details?: unknown[]; cause?: unknown } = {},
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message: cutMessage(message),
    nonRetryable: options.final ?? false,
    // Waiting is nothing to warn of: the SDK logs and counts every other failure.
    ...(type === 'Pending' && { category: ApplicationFailureCategory.BENIGN }),
    ...(options.retryAfterMs !== undefined && {
      nextRetryDelay: Math.max(MIN_RETRY_MS, options.retryAfterMs),
    }),
    ...(options.details && { details: options.details }),
    ...(options.cause instanceof Error && { cause: options.cause }),
  });
}

/** What a purchase that the provider refused throws; a blocked account is probed again after `probeIntervalMs`. */
export function refusalFailure(
  refused: Pick<Refused, 'reason' | 'message' | 'retryAfterMs'>,
  probeIntervalMs: number,
): ApplicationFailure {
  const { type, final, blocksAccount } = consequenceOf(refused.reason);
  const retryAfterMs = blocksAccount ? probeIntervalMs : refused.retryAfterMs;
  return failure(type, `${refused.message} (nothing was bought)`, {
    final,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/**
 * Runs an activity's body and turns what the store throws into a retryable failure that names the file: the disk may
 * get room, the file may be restored, and until then the scrape waits with nothing lost.
 */
export async function asFailures<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof StoreError) {
      throw failure('StoreUnavailable', error.message, { retryAfterMs: 5_000 });
    }
    throw error;
  }
}
