import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { Failure, FailureType } from '../contracts/failures.ts';
import { cutMessage } from '../contracts/failures.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';

/** The application failure inside a failed activity; anything else is a bug or a cancel and is thrown on. */
export function causeOf(error: unknown): ApplicationFailure {
  if (
    !isCancellation(error) &&
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure
  ) {
    return error.cause;
  }
  throw error;
}

/** Ends a scrape whose input an activity found wrong, as the guard does at once; anything else is thrown on. */
export function throwInvalidInput(error: unknown): never {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'InvalidInput') throw error;
  throw ApplicationFailure.nonRetryable(cause.message, cause.type);
}

/** A failure as a record keeps it. */
export function toFailure(cause: ApplicationFailure): Failure {
  return { type: (cause.type ?? 'ProviderRejected') as FailureType, message: cutMessage(cause.message) }; // our activities throw no other types
}

/**
 * How a scrape without a result ends its workflow: the type is the outcome, so that the UI can filter on it, and the
 * record travels along.
 */
export function endingFailure(record: ScrapeRecord): ApplicationFailure {
  const message = record.failure?.message ?? `the scrape ended as ${record.outcome}`;
  return ApplicationFailure.create({
    type: record.outcome,
    message,
    nonRetryable: true,
    details: [record],
  });
}
