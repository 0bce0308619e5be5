import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { callbackPath } from '../contracts/callbacks.ts';
import type { Callbacks } from '../providers/provider.ts';

/** The addresses that we give to providers, and the proof that one is ours: providers do not sign what they send. */
export interface CallbackUrls {
  /** Below which path the addresses are; empty or with a slash in front. */
  readonly basePath: string;
  /** Where the provider posts the result of the submission with this mark. */
  callbacksFor: (tag: string) => Callbacks;
  /** An address that is signed and of nobody: a receiver of ours refuses it before it has looked at anything. */
  probeUrl: () => string;
  /** Whether `token` is that of the mark's address; takes as long for a wrong one as for the right one. */
  isToken: (tag: string, token: string) => boolean;
}

/** `publicUrl`: our address as the provider reaches it. Whoever knows `secret` can make addresses that we believe. */
export function createCallbackUrls(publicUrl: string, secret: string): CallbackUrls {
  const base = publicUrl.replace(/\/+$/, '');
  const tokenOf = (tag: string): string => createHmac('sha256', secret).update(tag).digest('base64url');
  return {
    basePath: new URL(base).pathname.replace(/\/+$/, ''),
    // One call is enough: a pingback beside it would say nothing more. `$id` is the vendor's placeholder.
    callbacksFor: (tag) => ({ postbackUrl: `${base}${callbackPath('postback', tag, tokenOf(tag))}$id` }),
    // A mark of its own each time, so that what passes through logs is worth nothing; without a task's id nothing is done.
    probeUrl() {
      const mark = `probe-${randomUUID()}`;
      return `${base}${callbackPath('pingback', mark, tokenOf(mark))}`;
    },
    isToken(tag, token) {
      const [expected, given] = [Buffer.from(tokenOf(tag)), Buffer.from(token)];
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}
