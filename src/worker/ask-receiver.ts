import type { Config } from '../config/config.ts';
import { createHttp } from '../providers/http.ts';
import type { Store } from '../store/store.ts';
import { NO_SUCH_ADDRESS, NO_TASK_ID } from '../webhooks/admit.ts';
import { createCallbackUrls } from '../webhooks/callback-urls.ts';
import { secretOf } from './start-webhooks.ts';

/** Who answers at an address that results are posted to. */
export type ReceiverAnswer =
  | { kind: 'ours' }
  /** A receiver of Gleaner that does not know our addresses. */
  | { kind: 'another-secret' }
  | { kind: 'something-else'; status: number; location: string | undefined }
  /** `message`: of the transport, with the code of the error. */
  | { kind: 'silence'; message: string };

/** DataForSEO itself waits no longer for an answer. */
const TIMEOUT_MS = 10_000;

/**
 * Calls our public address as a provider would, for nobody's purchase: a receiver refuses that before it has looked at
 * anything, in words that tell whether it signs as we do.
 */
export async function askReceiver(
  publicUrl: string,
  config: Pick<Config, 'webhookSecret' | 'simulated'>,
  { owner, timeoutMs = TIMEOUT_MS }: { owner: Pick<Store['owner'], 'storeId'>; timeoutMs?: number },
): Promise<ReceiverAnswer> {
  const url = createCallbackUrls(publicUrl, secretOf(config, { owner })).probeUrl();
  const http = createHttp();
  try {
    const outcome = await http.send({ method: 'GET', url, headers: {} }, { timeoutMs, fresh: true });
    if (outcome.kind !== 'reply') return { kind: 'silence', message: outcome.message };
    const { status, headers, body } = outcome.reply;
    const text = Buffer.from(body).toString('utf8', 0, 100).trim();
    const isAnswer = (known: typeof NO_TASK_ID | typeof NO_SUCH_ADDRESS): boolean =>
      status === known.status && text === known.message;
    if (isAnswer(NO_TASK_ID)) return { kind: 'ours' };
    if (isAnswer(NO_SUCH_ADDRESS)) return { kind: 'another-secret' };
    return { kind: 'something-else', status, location: headers['location'] };
  } finally {
    await http.close();
  }
}
