import type { Callbacks, Provider } from '../providers/provider.ts';
import type { ActivityDeps } from './deps.ts';

/** Where the provider is to call about the submission with this mark; undefined if it makes no calls, or we want none. */
export function callbacksFor(deps: ActivityDeps, provider: Provider, tag: string): Callbacks | undefined {
  return provider.webhooks && deps.callbacksFor?.(tag);
}

/**
 * Fills the tokens of our own addresses with stars in what is kept of a provider's words: DataForSEO echoes the address
 * that it was given. The rest stays byte for byte.
 */
export function hideCallbackTokens(body: Uint8Array, tag: string): Uint8Array {
  const found = tokensIn(Buffer.from(body.buffer, body.byteOffset, body.byteLength), tag);
  if (found.length === 0) return body;
  const hidden = Buffer.from(body);
  for (const { from, to } of found) hidden.fill('*', from, to);
  return hidden;
}

/** Slashes in JSON may be escaped; a proxy or an echo may percent-encode them. */
const TOKEN = /^(?:\/|\\\/|%2F)([\w-]+)/i;
/** More than a separator and a token. */
const TOKEN_WINDOW = 100;

function tokensIn(body: Buffer, tag: string): Array<{ from: number; to: number }> {
  const found: Array<{ from: number; to: number }> = [];
  for (let at = body.indexOf(tag); at !== -1; at = body.indexOf(tag, at + tag.length)) {
    const end = at + tag.length;
    const match = TOKEN.exec(body.toString('latin1', end, end + TOKEN_WINDOW));
    if (match?.[1] === undefined) continue;
    const to = end + match[0].length;
    found.push({ from: to - match[1].length, to });
  }
  return found;
}
