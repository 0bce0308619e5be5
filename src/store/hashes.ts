import { createHash } from 'node:crypto';

/** SHA-256, hex. */
export function sha256(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** `<hh>/<hash>`: where a scrape's files are below a folder; 160 bits, and shards keep folders small. */
export function scrapeFolder(scrapeId: string): string {
  const hash = sha256(scrapeId).slice(0, 40);
  return `${hash.slice(0, 2)}/${hash}`;
}
