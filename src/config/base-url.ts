/** What an address is for, in the words of the messages about it. */
export interface AddressKind {
  example: string;
  why: string;
}

const ENDPOINT: AddressKind = { example: 'https://api.scrapellm.com', why: 'a key is sent there' };

/** Where providers call us. */
export const WEBHOOK_ADDRESS: AddressKind = {
  example: 'https://gleaner.example.com',
  why: 'results are sent there',
};

/** What is wrong with an address that secrets will be sent to. Never repeats a URL that holds credentials. */
export function baseUrlProblem(text: string, { example, why }: AddressKind = ENDPOINT): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const got = text.includes('@') ? ' (the value is not shown: it may hold a password)' : `, not "${text}"`;
    return `must be a URL such as "${example}"${got}`;
  }
  if (url.username || url.password) return 'must not hold a user name or a password';
  if (url.search || url.hash) return 'must not hold "?" or "#"; give the address alone';
  if (url.protocol === 'http:' && !isLoopback(text)) {
    return `must start with https://, because ${why} (http is for this machine only), not "${text}"`;
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
