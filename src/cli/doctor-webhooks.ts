import { randomUUID } from 'node:crypto';
import { isLoopback } from '../config/base-url.ts';
import type { Config } from '../config/config.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import { askReceiver, type ReceiverAnswer } from '../worker/ask-receiver.ts';
import { openIfThere } from './doctor-binding.ts';
import type { AddFinding, Finding } from './finding.ts';

type WebhookConfig = Pick<
  Config,
  'webhookUrl' | 'webhookPort' | 'webhookSecret' | 'simulated' | 'store' | 'accounts'
>;

/**
 * Whether what a provider posts would arrive: one call of the public address, which no receiver does anything for. What
 * nobody hears is a warning, since results are found without it; what goes to somebody else is a failure.
 */
export async function checkWebhooks(
  config: WebhookConfig,
  add: AddFinding,
  options: { timeoutMs?: number } = {},
): Promise<void> {
  const { webhookUrl } = config;
  if (webhookUrl === undefined) return;
  const answer = uncallable(webhookUrl, config) ?? explain(await ask(webhookUrl, config, options), config);
  add({ ...answer, what: 'webhooks', detail: `${webhookUrl} ${answer.detail}` });
}

type Answer = Omit<Finding, 'what'>;

/** What can be told without a call. */
function uncallable(webhookUrl: string, { accounts }: WebhookConfig): Answer | undefined {
  const callers = accounts.filter(({ provider }) => PROVIDERS_BY_NAME[provider].webhooks);
  if (callers.length === 0) {
    return {
      level: 'warn',
      detail: 'is told to nobody: no account is of a provider that calls back',
      fix: 'set DATAFORSEO_LOGIN and DATAFORSEO_PASSWORD, or unset GLEANER_WEBHOOK_URL',
    };
  }
  const remote = callers.find(({ baseUrl }) => !isLoopback(baseUrl));
  if (!remote || !isLoopback(webhookUrl)) return undefined;
  return {
    level: 'fail',
    detail: `is this machine alone: ${remote.provider} cannot reach it`,
    fix: 'set GLEANER_WEBHOOK_URL to the https:// address at which the provider reaches the receiver',
  };
}

async function ask(
  webhookUrl: string,
  config: WebhookConfig,
  options: { timeoutMs?: number },
): Promise<ReceiverAnswer> {
  const store = config.webhookSecret === undefined ? await openIfThere(config) : undefined;
  // Without a store nothing has ever listened for it.
  const owner = store && store !== 'unreadable' ? store.owner : { storeId: randomUUID() };
  return askReceiver(webhookUrl, config, { owner, ...options });
}

/** What a call of the public address shows. */
function explain(answer: ReceiverAnswer, { webhookPort }: WebhookConfig): Answer {
  const pass = `let a proxy pass /postback/ and /pingback/ on to the receiver's port (GLEANER_WEBHOOK_PORT, here ${webhookPort})`;
  const listen = `run "gleaner up --webhooks" or "gleaner worker --webhooks"; ${pass}`;
  switch (answer.kind) {
    case 'ours':
      return { level: 'ok', detail: 'is answered by our receiver (asked from this machine)' };
    case 'another-secret':
      return {
        level: 'fail',
        detail: 'is answered by a receiver that does not know our addresses: it signs with another secret',
        fix: 'give it and all workers the same GLEANER_WEBHOOK_SECRET; a proxy passes paths on as they are',
      };
    case 'something-else':
      return explainOther(answer, { pass, listen });
    case 'silence':
      return explainSilence(answer.message, listen);
  }
}

function explainOther(
  { status, location }: { status: number; location: string | undefined },
  { pass, listen }: { pass: string; listen: string },
): Answer {
  if ([502, 503, 504].includes(status)) {
    return { level: 'warn', detail: `is answered ${status}: nothing listens behind it`, fix: listen };
  }
  if (status === 401 || status === 403) {
    const fix = 'let /postback/ and /pingback/ through without a login; each of their addresses is signed';
    return { level: 'fail', detail: `is answered ${status}: the provider would not be let in either`, fix };
  }
  const to = location === undefined ? '' : ` and a redirect to ${originOf(location)}`;
  return {
    level: 'fail',
    detail: `is answered ${status}${to} by something else, which results would be sent to`,
    fix: `correct GLEANER_WEBHOOK_URL, or ${pass}`,
  };
}

function explainSilence(message: string, listen: string): Answer {
  const code = /\b(?:E[A-Z_]{4,}|[A-Z_]*CERT[A-Z_]*)\b/.exec(message)?.[0] ?? 'no answer';
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) {
    return {
      level: 'fail',
      detail: `has a name that is not known here (${code})`,
      fix: 'correct GLEANER_WEBHOOK_URL, or give the name an address',
    };
  }
  if (/ECONNREFUSED/.test(message)) return { level: 'warn', detail: 'is where nothing listens', fix: listen };
  if (/CERT|SSL|TLS|EPROTO/.test(message)) {
    return {
      level: 'fail',
      detail: `cannot be spoken to by TLS (${code})`,
      fix: 'give whatever ends TLS there a certificate that everybody trusts',
    };
  }
  return {
    level: 'warn',
    detail: `did not answer (${message.replace(/^.*?: /, '')})`,
    fix: `open it for the provider; or, if this network does not let a machine call its own address, try it from outside`,
  };
}

/** The rest of an address may hold our token again. */
function originOf(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : 'another path';
}
