import type { HttpOutcome } from '../providers/http.ts';
import type { HttpRequest, ProviderAccount, SubmitAnswer } from '../providers/provider.ts';
import type { ActivityDeps } from './deps.ts';
import type { FaultPoint } from './fault-points.ts';

/** Until when a request may begin, on both clocks: one of them may be set while the other one cannot, or stands still. */
export interface SendWindow {
  /** Wall clock, ISO 8601, as the intents say. */
  sendBy: string;
  /** `performance.now()` when the purchase began, and how long after it the request may begin. */
  begunAt: number;
  sendByMs: number;
}

/** One request on a connection of its own, under one deadline, begun within its window or not at all. */
export async function sendPurchase(
  deps: ActivityDeps,
  request: HttpRequest,
  { sendBy, begunAt, sendByMs }: SendWindow,
  sent: FaultPoint,
): Promise<HttpOutcome> {
  const sending = deps.http.send(request, {
    fresh: true,
    timeoutMs: deps.timing.httpTimeoutMs,
    stillAllowed: () => {
      const late = Date.now() > Date.parse(sendBy) || performance.now() - begunAt > sendByMs;
      return late ? 'this machine paused too long before the request could begin' : undefined;
    },
  });
  await deps.fault(sent);
  return sending;
}

/** What an exchange without a reply says of every task that it was to buy. */
export function withoutReply(outcome: Exclude<HttpOutcome, { kind: 'reply' }>): SubmitAnswer {
  return outcome.kind === 'not-sent'
    ? { kind: 'refused', reason: 'not-sent', message: outcome.message }
    : { kind: 'unknown', message: outcome.message };
}

/** A provider may quote the key in its words, which go into journal, history and screens. */
export function withoutSecret(answer: SubmitAnswer, { secret }: ProviderAccount): SubmitAnswer {
  return answer.kind === 'accepted'
    ? answer
    : { ...answer, message: answer.message.replaceAll(secret, '[key]') };
}
