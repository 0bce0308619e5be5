import type { Receipt } from '../contracts/journal.ts';
import type { ResultRef, ScrapeRequest } from '../contracts/scrape.ts';
import type { Account } from '../providers/account.ts';
import type { CheckAnswer, HttpReply, Provider } from '../providers/provider.ts';
import type { ActivityDeps } from './deps.ts';

export interface OtherFormInput {
  provider: Provider;
  account: Account;
  request: ScrapeRequest;
  receipt: Receipt;
  /** By the provider's clock. */
  ageMs: number;
  timeoutMs: number;
}

export type OtherForm =
  | {
      kind: 'ready';
      reply: HttpReply;
      answer: Extract<CheckAnswer, { kind: 'ready' }>;
      instead: NonNullable<ResultRef['instead']>;
    }
  /** It cannot be had now but may be later. */
  | { kind: 'later'; type: 'NetworkError' | 'ProviderUnavailable'; message: string; retryAfterMs?: number };

/**
 * Asks for the form that a provider keeps for longest where the one that was asked for is gone: what is paid is better had
 * in another form than lost. Free; a kill leaves nothing, and the next look asks again. Undefined if there is none left.
 */
export async function fetchOtherForm(
  deps: ActivityDeps,
  { provider, account, request, receipt, ageMs, timeoutMs }: OtherFormInput,
): Promise<OtherForm | undefined> {
  const { variants: asked, ...params } = request.params;
  const [form] = provider.variants?.({ ...request, params }) ?? [];
  const [gone] = receipt.variants ?? [];
  if (asked === undefined || !form || gone === undefined) return undefined;
  if (form.name === gone || ageMs > form.retentionMs) return undefined;
  const task = { taskId: receipt.taskId, scraper: request.scraper, variant: form.name };
  const outcome = await deps.http.send(provider.checkRequest(task, account), { fresh: false, timeoutMs });
  await deps.fault('check:variant-received');
  if (outcome.kind !== 'reply') {
    const message = `${gone} is gone, and ${form.name} could not be asked for: ${outcome.message}`;
    return { kind: 'later', type: 'NetworkError', message };
  }
  const { reply } = outcome;
  const answer = provider.readCheck(reply, task);
  if (answer.kind === 'unavailable') {
    const { message, retryAfterMs } = answer;
    return {
      kind: 'later',
      type: 'ProviderUnavailable',
      message: `${gone} is gone, and asked for ${form.name}: ${message}`,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
  if (answer.kind !== 'ready') return undefined;
  const days = Math.round(receipt.plan.retentionMs / DAY_MS);
  const why = `${gone} is gone: ${provider.name} keeps it for ${days} days, and it could not be collected in that time`;
  return { kind: 'ready', reply, answer, instead: { variant: form.name, why } };
}

const DAY_MS = 24 * 3_600_000;
