/** What a provider may call: `postback` brings the result, `pingback` only says that there is one. */
export type CallbackKind = 'postback' | 'pingback';

/**
 * Where a provider calls us about one submission, below our public address. `token` proves that we gave the address out;
 * the task's id, which the provider fills in, comes last.
 */
export function callbackPath(kind: CallbackKind, tag: string, token: string): string {
  return `/${kind}/${tag}/${token}?id=`;
}

/** The mark in an address that `callbackPath` made; undefined if it is none. */
export function tagInCallbackUrl(url: string): string | undefined {
  return /\/(?:postback|pingback)\/([\w-]+)\/[\w-]+\?id=/.exec(url)?.[1];
}
