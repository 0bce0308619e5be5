import type { HttpReply } from './provider.ts';

/** A provider that asks for more is asked again after this: nobody waits for hours because of one header. */
const MAX_RETRY_AFTER_MS = 600_000;

/**
 * The wait that a reply's `Retry-After` asks for, in milliseconds; undefined if it asks for none. It holds seconds or an
 * HTTP date (RFC 9110, 10.2.3); a date is read against the server's own clock.
 */
export function retryAfterMs(reply: HttpReply): number | undefined {
  const header = reply.headers['retry-after']?.trim();
  if (!header) return undefined;
  const wait = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - reply.serverTimeMs;
  if (Number.isNaN(wait)) return undefined;
  return Math.ceil(Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS));
}
