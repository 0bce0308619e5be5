import { CancellationScope, sleep } from '@temporalio/workflow';
import type { JournalAnswerInput } from '../activities/journal-answer.ts';
import type { Refused } from '../contracts/journal.ts';
import { storeActivities } from './activity-proxies.ts';

/** Journals what the provider answered where the activity that asked could not; also after a cancel. */
export async function writeDown(answer: JournalAnswerInput): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    storeActivities.journalAnswer.executeWithOptions({ summary: 'write down what the provider answered' }, [
      answer,
    ]),
  );
}

/** Waits as long as a refusal asks for. */
export async function pause({ retryAfterMs = 5_000, message }: Refused): Promise<void> {
  await CancellationScope.nonCancellable(() => sleep(retryAfterMs, { summary: `refused: ${message}` }));
}
