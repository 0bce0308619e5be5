import type { HttpOutcome } from '../providers/http.ts';
import type { ActivityDeps } from './deps.ts';
import { failure } from './failure-table.ts';
import type { Purchase } from './purchase.ts';

const PROBE_TIMEOUT_MS = 10_000;

/**
 * Why nothing may be bought on an account now, as the retryable `AccountBlocked`; undefined: go ahead. Once a minute one
 * caller is the probe: where a free call tells whether the account can buy, it is made first, and only if that says
 * nothing against it the purchase itself is tried. Dying in between costs a minute.
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
  if (probe.kind === 'ok') return undefined;
  deps.gate.report(gateKey, why);
  const said = probe.message.replaceAll(account.secret, '[key]');
  return failure('AccountBlocked', `${why}. Asked again by a free call: ${said}`, {
    retryAfterMs: deps.gate.probeIntervalMs,
  });
}

function withoutReply({ message }: Exclude<HttpOutcome, { kind: 'reply' }>): {
  kind: 'unclear';
  message: string;
} {
  return { kind: 'unclear', message };
}
