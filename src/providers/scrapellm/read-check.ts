import type { BoughtTask, CheckAnswer, HttpReply } from '../provider.ts';
import { parseJson } from '../parse-json.ts';
import { retryAfterMs } from '../retry-after.ts';
import { sayDetail, sayStatus } from './errors.ts';
import { chargeOf, isEmptyResult, readResult } from './normalize.ts';
import { jobSchema, parseTime } from './wire.ts';

/** Reads the answer to a look at a job. What is not clearly about that job says nothing about it. */
export function readCheck(reply: HttpReply, { taskId }: Pick<BoughtTask, 'taskId'>): CheckAnswer {
  // Unknown, malformed and expired ids get the same 404.
  if (reply.status === 404) return { kind: 'missing', message: sayStatus(reply) };
  if (reply.status !== 200) return unavailable(reply, sayStatus(reply));
  const body = jobSchema.safeParse(parseJson(reply.body));
  if (!body.success) return unavailable(reply, 'ScrapeLLM answered 200 with something that is not a job');
  const job = body.data;
  if (job.job_id !== undefined && job.job_id.toLowerCase() !== taskId.toLowerCase()) {
    return unavailable(reply, 'ScrapeLLM answered 200 with another job than the one asked for');
  }
  const completed = parseTime(job.completed_at);
  const readyAt = Number.isNaN(completed) ? {} : { readyAt: new Date(completed).toISOString() };
  switch (job.status.trim().toLowerCase()) {
    case 'done':
      return {
        kind: 'ready',
        empty: isEmptyResult(job.result),
        charge: chargeOf(readResult(job.result)),
        ...readyAt,
      };
    case 'failed': {
      const message = `ScrapeLLM gave up after its own retries: ${sayDetail(job.error ?? 'no reason given')}`;
      // Credits "are automatically restored"; when, and whether it happened, nothing says.
      return { kind: 'failed', message, refundExpected: true, resubmit: true, ...readyAt };
    }
    default:
      // Queued, running, between retries, and whatever the vendor adds later.
      return { kind: 'pending' };
  }
}

function unavailable(reply: HttpReply, message: string): CheckAnswer {
  const wait = retryAfterMs(reply);
  return wait === undefined
    ? { kind: 'unavailable', message }
    : { kind: 'unavailable', message, retryAfterMs: wait };
}
