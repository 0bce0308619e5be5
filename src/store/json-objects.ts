import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { z } from 'zod';
import { StoreError } from './store-error.ts';

const gzipBody = promisify(gzip);
const gunzipBody = promisify(gunzip);

/** One line and a line feed, so that `cat` and `jq` work. */
export function toJson(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/** Compresses off the main thread. */
export function compress(body: Uint8Array): Promise<Uint8Array> {
  return gzipBody(body);
}

/** The file, and what a person loses and can do if it is damaged. */
export interface Place {
  location: string;
  key: string;
  remedy: string;
}

/** Reads a stored JSON value; anything but a whole and valid one throws `damaged` naming the file. */
export function parseStored<T>(schema: z.ZodType<T>, body: Uint8Array, place: Place): T {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw damaged(place, body.length === 0 ? 'it is empty' : 'it is not JSON, perhaps cut short', error);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(place, `${issue?.path.join('.') || 'its content'}: ${issue?.message ?? 'not valid'}`);
}

/** Expands a stored body, at most to `maxBytes`; gzip's own checksum finds a flipped byte. */
export async function decompress(body: Uint8Array, place: Place, maxBytes?: number): Promise<Uint8Array> {
  try {
    const options = maxBytes === undefined ? {} : { maxOutputLength: Math.max(maxBytes, 1) };
    return await gunzipBody(body, options);
  } catch (error) {
    throw damaged(place, 'its compressed content is not whole', error);
  }
}

export function damaged(place: Place, why: string, cause?: unknown): StoreError {
  return new StoreError(
    'damaged',
    place.key,
    `${place.location}/${place.key} is damaged: ${why}. ${place.remedy}`,
    cause,
  );
}
