import type { HttpOutcome } from '../providers/http.ts';
import type { ProbeAnswer, SubmitAnswer } from '../providers/provider.ts';
import type { ActivityDeps } from './deps.ts';
import { consequenceOf, failure } from './failure-table.ts';
import type { Purchase } from './purchase.ts';

const PROBE_TIMEOUT_MS = 10_000;

/** How soon a purchase is tried again that was reckoned with prices of before. */
const NEW_PRICES_MS = 1_000;

/**
 * Why nothing may be bought on an account now, as the retryable `AccountBlocked`; undefined: go ahead. Once a minute one
 * caller is the probe: where a free call tells whether the account can buy, it is made first, and only if that says
 * nothing against it the purchase itself is tried. After a price above its bound the same call tells the account's prices,
 * and buying goes on once they explain it. Dying in between costs a minute.
 */
export async function closedFailure(
  deps: ActivityDeps,
  { provider, account, gateKey }: Pick<Purchase, 'provider' | 'account' | 'gateKey'>,
): Promise<Error | undefined> {
  const closed = deps.gate.closed(gateKey);
  if (closed) return failure('AccountBlocked', closed.message, { retryAfterMs: closed.retryAfterMs });
  const why = deps.gate.why(gateKey);
  if (why === undefined || !provider.probeTellsFunds) return undefined;
  const request = provider.probeRequest(account);
  const outcome = await deps.http.send(request, { fresh: false, timeoutMs: PROBE_TIMEOUT_MS });
  const probe = outcome.kind === 'reply' ? provider.readProbe(outcome.reply) : withoutReply(outcome);
  const pricesTold = outcome.kind === 'reply' && deps.prices.learn(account, outcome.reply);
  const later = (said: string): Error => {
    deps.gate.report(gateKey, why);
    return failure('AccountBlocked', `${why}. Asked again by a free call: ${said}`, {
      retryAfterMs: deps.gate.probeIntervalMs,
    });
  };
  if (probe.kind !== 'ok') return later(probe.message.replaceAll(account.secret, '[key]'));
  deps.gate.cleared(gateKey);
  if (!deps.gate.isStopped(gateKey)) return undefined;
  if (!pricesTold) return later('it did not tell the account’s prices');
  if (!deps.gate.resume(gateKey, deps.prices.known(account))) {
    return later('the prices that it tells do not explain it, so nobody knows what the next purchase costs');
  }
  // What this caller reserves was reckoned with the prices of before.
  return failure('AccountBlocked', `${why}. They were read again, and it goes on with them`, {
    retryAfterMs: NEW_PRICES_MS,
  });
}

/** After an answer that hints at the account a free call comes before the next purchase. */
export function suspectIfHinted(
  { gate }: Pick<ActivityDeps, 'gate'>,
  gateKey: string,
  answer: SubmitAnswer,
): void {
  if (answer.kind !== 'unknown' || !answer.hint || !consequenceOf(answer.hint).blocksAccount) return;
  gate.suspect(gateKey, answer.message);
}

function withoutReply({ message }: Exclude<HttpOutcome, { kind: 'reply' }>): ProbeAnswer {
  return { kind: 'unclear', message };
}
