import type { Account } from '../providers/account.ts';
import { CallTrouble } from '../lists/call-trouble.ts';
import type { Said } from '../lists/call-trouble.ts';
import type { ActivityDeps } from './deps.ts';
import { consequenceOf, failure } from './failure-table.ts';
import { gateKeyOf } from './purchase.ts';

/** What a free call that brought nothing is thrown as: never final, since somebody waits. */
export function callFailure(deps: ActivityDeps, account: Account, call: string, answer: Said): Error {
  const message = `${call}: ${answer.message.replaceAll(account.secret, '[key]').replace(/\.$/, '')}`;
  const consequence = answer.reason && consequenceOf(answer.reason);
  if (consequence?.blocksAccount) {
    deps.gate.report(gateKeyOf(account), message);
    const wait = `${message}. Nothing is bought there until it is settled; asked again once a minute`;
    return failure('AccountBlocked', wait, { retryAfterMs: deps.gate.probeIntervalMs });
  }
  const type = answer.reason === 'rate-limited' ? 'RateLimited' : 'ProviderUnavailable';
  return failure(type, message, { retryAfterMs: answer.retryAfterMs ?? RETRY_MS });
}

/** Runs free calls of one kind and turns their trouble into a failure of the activity. */
export async function asCallFailures<T>(
  deps: ActivityDeps,
  account: Account,
  call: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof CallTrouble)) throw error;
    const { kind, said } = error;
    if (kind === 'refused') throw callFailure(deps, account, call, said);
    const type = kind === 'network' ? 'NetworkError' : 'ProviderUnavailable';
    throw failure(type, said.message, { retryAfterMs: said.retryAfterMs ?? RETRY_MS });
  }
}

const RETRY_MS = 10_000;
