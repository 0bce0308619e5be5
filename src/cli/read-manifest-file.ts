import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { readManifest, type ReadManifest } from '../client/manifest.ts';
import { parseScraper } from '../contracts/scrapers.ts';
import type { Scraper } from '../contracts/scrapers.ts';
import { formatProblems } from '../contracts/schemas/problems.ts';
import { scraperSpec } from '../providers/registry.ts';
import { usageError } from './exit-codes.ts';
import { TERMINAL } from './terminal.ts';

/** Reads a manifest file. Throws a usage error with every problem at once; nothing was bought. */
export async function readManifestFile(
  path: string,
  scraperNames: readonly string[],
): Promise<Extract<ReadManifest, { ok: true }>> {
  const file = resolve(TERMINAL.cwd, path);
  const bytes = await readBytes(file);
  const manifest = readManifest(bytes, basename(file), {
    scrapers: parseScrapers(scraperNames),
    params: (scraper) => scraperSpec(scraper).params,
  });
  if (manifest.ok) return manifest;
  const lines = formatProblems(manifest.problems);
  throw usageError([`${path}:`, ...lines, 'Nothing was bought.'].join('\n'));
}

/** The name that a batch of this file has by default: `prompts.csv` on 23 November is `prompts-2026-11-23`. */
export function defaultBatchName(path: string, now: Date): string {
  const file = basename(path);
  const stem = file.slice(0, file.length - extname(file).length).replace(/[^A-Za-z0-9._-]+/g, '-');
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  return `${stem.replace(/^[-.]+|[-.]+$/g, '') || 'batch'}-${day}`;
}

function parseScrapers(names: readonly string[]): Scraper[] {
  const parsed = names.map((name) => parseScraper(name));
  const misses = parsed.flatMap((one) => (one.ok ? [] : [one.message]));
  if (misses.length > 0) throw usageError([...misses, 'Nothing was bought.'].join('\n'));
  return parsed.flatMap((one) => (one.ok ? [one.scraper] : []));
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : `it cannot be read (${String(code)})`;
    throw usageError(`manifest ${file}: ${why}`);
  }
}
