import { createHash } from 'node:crypto';
import type { ScrapeRequest } from '../scrape.ts';

/** SHA-256 (hex) of what is bought and of nothing else; the same request has the same one in every release. */
export function fingerprint({ scraper, prompt, market, params }: ScrapeRequest): string {
  return sha256Hex(canonicalJson({ scraper, prompt, market, params }));
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with the keys of every object sorted, so that two ways to write one value have one text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
