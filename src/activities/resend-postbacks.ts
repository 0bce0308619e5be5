import { tagInCallbackUrl } from '../contracts/callbacks.ts';
import type { ProviderName } from '../contracts/scrapers.ts';
import type { Account } from '../providers/account.ts';
import type { HttpReply, HttpRequest } from '../providers/provider.ts';
import type { WebhookProtocol } from '../providers/webhook-protocol.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';

export interface ResendInput {
  provider: ProviderName;
  account: string;
  /** One of the protocol's `familyOf`. */
  family: string;
  /** Calls that failed since, ISO 8601, on the provider's clock: what the last run returned as `next`. */
  since: string;
}

export interface ResendResult {
  /** What to pass as `since` next time. */
  next: string;
  /** Posts of ours that are made again. */
  resent: number;
  /** Why nothing could be learned; the next run asks for the same time again. */
  trouble?: string;
}

/**
 * Asks the provider which of its posts did not arrive, and has those made again whose results we still wait for: two free
 * calls for up to a hundred tasks, where asking for each result would be a hundred. Failures of others who share the
 * account are left alone. The caller (`resend-turns.ts`) does it at most once a minute, and only while somebody waits.
 *
 * Dies at any line: nothing was bought or lost; a run after it asks again, and a post that comes twice changes nothing.
 */
export async function resendPostbacks(deps: ActivityDeps, input: ResendInput): Promise<ResendResult> {
  return asFailures(async () => {
    const { since } = input;
    const account = deps.accounts.find(input.provider, input.account);
    const protocol = PROVIDERS_BY_NAME[input.provider].webhooks;
    if (!account || !protocol) return { next: since, resent: 0, trouble: `no webhooks of ${input.provider}` };
    const request = protocol.failedRequest(input.family, Date.parse(since), account);
    const listed = await ask(deps, request, (reply) => protocol.readFailed(reply));
    if (listed.kind !== 'listed') return { next: since, resent: 0, trouble: listed.message };
    const wanted = new Set<string>();
    for (const { taskId, url } of listed.calls) if (await isWanted(deps, taskId, url)) wanted.add(taskId);
    const { resent, trouble } = await resend(deps, protocol, account, [...wanted]);
    // After trouble the same rows are read again; those that were resent meanwhile have arrived or failed anew.
    if (trouble !== undefined) return { next: since, resent, trouble };
    return { next: nextSince(since, listed), resent };
  });
}

/** Ours, by the mark in the address that was called, and neither collected nor arrived since. */
async function isWanted(deps: ActivityDeps, taskId: string, url: string): Promise<boolean> {
  const tag = tagInCallbackUrl(url);
  const submission = tag === undefined ? undefined : await deps.store.journal.findByTag(tag);
  if (!submission || submission.verdict) return false;
  if (submission.receipt && submission.receipt.taskId !== taskId) return false;
  return !(await deps.store.postbacks.taskIds(submission.intent.tag)).includes(taskId);
}

async function resend(
  deps: ActivityDeps,
  protocol: WebhookProtocol,
  account: Account,
  taskIds: readonly string[],
): Promise<{ resent: number; trouble?: string }> {
  let resent = 0;
  for (let at = 0; at < taskIds.length; at += protocol.maxResends) {
    const page = taskIds.slice(at, at + protocol.maxResends);
    const answer = await ask(deps, protocol.resendRequest(page, account), (reply) =>
      protocol.readResend(reply),
    );
    if (answer.kind !== 'taken') return { resent, trouble: answer.message };
    resent += answer.count;
  }
  return { resent };
}

/**
 * The rows' last second again if more may follow in it, else the second after it. A list that is full within one second
 * goes on after it too: those left out are found by their back-stop looks.
 */
function nextSince(
  since: string,
  { calls, full }: { calls: ReadonlyArray<{ failedAt: string }>; full: boolean },
): string {
  const last = calls.reduce((latest, { failedAt }) => (failedAt > latest ? failedAt : latest), '');
  if (last === '') return since;
  if (full && last > since) return last;
  return new Date(Date.parse(last) + 1_000).toISOString();
}

const TIMEOUT_MS = 60_000;

async function ask<T>(
  deps: ActivityDeps,
  request: HttpRequest,
  read: (reply: HttpReply) => T,
): Promise<T | { kind: 'unavailable'; message: string }> {
  const outcome = await deps.http.send(request, { fresh: false, timeoutMs: TIMEOUT_MS });
  await deps.fault('resend:answered');
  return outcome.kind === 'reply' ? read(outcome.reply) : { kind: 'unavailable', message: outcome.message };
}
