import type { Receipt } from '../contracts/journal.ts';
import type { ScrapeRequest, StoredVariant } from '../contracts/scrape.ts';
import type { Account } from '../providers/account.ts';
import type { CheckAnswer, HttpReply, Provider } from '../providers/provider.ts';
import { hideCallbackTokens } from './callbacks.ts';
import type { ActivityDeps } from './deps.ts';

export interface CollectVariantsInput {
  provider: Provider;
  account: Account;
  request: ScrapeRequest;
  receipt: Receipt;
  /** When the task had ended, provider clock, ISO 8601. */
  readyAt: string;
  timeoutMs: number;
}

export type CollectedVariants =
  | { kind: 'collected'; variants: StoredVariant[] }
  /** One of them cannot be had now but may be later: the whole task has to be looked at again. */
  | {
      kind: 'later';
      type: 'Pending' | 'NetworkError' | 'ProviderUnavailable';
      message: string;
      retryAfterMs?: number;
      lasting?: true;
    };

/**
 * Stores the other forms of a result whose first form is there to be collected; each is one free call. It runs before the
 * verdict, which is the one entry that names all forms: a process that dies between two of them leaves files that nothing
 * names, and the next look, which finds no verdict, collects every form again. So none is lost, none is named that is not
 * whole, and after the verdict none is asked for again.
 *
 * A form that the provider does not have (any more) is left out: it must not keep the others from being recorded.
 */
export async function collectVariants(
  deps: ActivityDeps,
  input: CollectVariantsInput,
): Promise<CollectedVariants> {
  const { provider, account, request, receipt, timeoutMs } = input;
  const variants: StoredVariant[] = [];
  for (const variant of receipt.variants?.slice(1) ?? []) {
    const task = { taskId: receipt.taskId, scraper: request.scraper, variant };
    const outcome = await deps.http.send(provider.checkRequest(task, account), { fresh: false, timeoutMs });
    await deps.fault('check:variant-received');
    if (outcome.kind !== 'reply') {
      return {
        kind: 'later',
        type: 'NetworkError',
        message: `${variant} could not be asked for: ${outcome.message}`,
      };
    }
    const { reply } = outcome;
    const answer = provider.readCheck(reply, task);
    if (answer.kind === 'ready') {
      const { scrapeId, n } = receipt;
      const raw = hideCallbackTokens(reply.body, deps.store.journal.tag(scrapeId, n));
      variants.push(await deps.store.results.writeVariant({ scrapeId, n, variant, raw }));
      await deps.fault('check:variant-stored');
      continue;
    }
    const later = laterOf(variant, answer, reply, input);
    if (later) return later;
  }
  return { kind: 'collected', variants };
}

/** A form that is not there is waited for this long after the task's end; other trouble than that a day. */
const MISSING_GRACE_MS = 3_600_000;
const UNAVAILABLE_GRACE_MS = 24 * 3_600_000;

/** Whether and how to ask again for a form that did not come; undefined means that it is left out. */
function laterOf(
  variant: string,
  answer: Exclude<CheckAnswer, { kind: 'ready' }>,
  { serverTimeMs }: HttpReply,
  { provider, request, receipt, readyAt }: CollectVariantsInput,
): Extract<CollectedVariants, { kind: 'later' }> | undefined {
  const keptMs = provider.variants?.(request).find(({ name }) => name === variant)?.retentionMs ?? 0;
  if (serverTimeMs - Date.parse(receipt.submittedAt) > keptMs) return undefined;
  const sinceReadyMs = serverTimeMs - Date.parse(readyAt);
  switch (answer.kind) {
    case 'failed':
      return undefined;
    case 'pending':
    case 'missing':
      if (sinceReadyMs > MISSING_GRACE_MS) return undefined;
      return { kind: 'later', type: 'Pending', message: `ready, but not yet as ${variant}` };
    case 'unavailable': {
      if (sinceReadyMs > UNAVAILABLE_GRACE_MS) return undefined;
      const { message, retryAfterMs, lasting } = answer;
      return {
        kind: 'later',
        type: 'ProviderUnavailable',
        message: `asked for ${variant}: ${message}`,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        ...(lasting && { lasting }),
      };
    }
  }
}
