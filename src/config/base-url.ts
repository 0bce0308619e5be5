/** What is wrong with an endpoint that a key will be sent to. Never repeats a URL that holds credentials. */
export function baseUrlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const got = text.includes('@') ? ' (the value is not shown: it may hold a password)' : `, not "${text}"`;
    return `must be a URL such as "https://api.scrapellm.com"${got}`;
  }
  if (url.username || url.password) return 'must not hold a user name or a password';
  if (url.search || url.hash) return 'must not hold "?" or "#"; give the address alone';
  if (url.protocol === 'http:' && !isLoopback(text)) {
    return `must start with https://, because a key is sent there (http is for this machine only), not "${text}"`;
  }
  return undefined;
}

/** Whether nothing but this machine can answer there. */
export function isLoopback(text: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(text).hostname);
}

/** Paths are appended to it. */
export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
