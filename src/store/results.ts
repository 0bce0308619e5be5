import { randomBytes } from 'node:crypto';
import type { ResultRef } from '../contracts/scrape.ts';
import { answerSchema } from './answer-schema.ts';
import { scrapeFolder, sha256 } from './hashes.ts';
import { compress, damaged, decompress, parseStored, toJson } from './json-objects.ts';
import type { Place } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';
import type { Results } from './store.ts';

const REMEDY = 'Restore it from a backup; what it cost stays on record.';
const RESULT_KEY = /^results\/[0-9a-f]{2}\/[0-9a-f]+\/[0-9a-f-]+\.(?:(?:[a-z]+\.)?raw|answer\.json)\.gz$/;

/**
 * Results as objects: `results/<hh>/<hash>/<n>-<random>.raw.gz` and `….answer.json.gz` beside it; another form of the same
 * result is `<n>-<random>.<form>.raw.gz`. The random part keeps a second collection of the same task from replacing what
 * a verdict names already. A kill before all are written leaves files that no verdict names; the next look writes new ones.
 */
export function createResults(objects: ObjectStore): Results {
  async function read(key: string, maxBytes?: number): Promise<{ body: Uint8Array; place: Place }> {
    const place: Place = { location: objects.location, key, remedy: REMEDY };
    if (!RESULT_KEY.test(key)) throw damaged(place, 'it is not a result');
    const stored = await objects.get(key);
    if (stored === undefined) throw damaged(place, 'it is missing');
    return { body: await decompress(stored, place, maxBytes), place };
  }

  async function putRaw(
    path: string,
    raw: Uint8Array,
  ): Promise<Pick<ResultRef, 'path' | 'bytes' | 'sha256'>> {
    await objects.put(path, await compress(raw));
    return { path, bytes: raw.length, sha256: sha256(raw) };
  }

  return {
    async write({ scrapeId, n, raw, answer }) {
      const base = newBase(scrapeId, n);
      const ref: ResultRef = {
        ...(await putRaw(`${base}.raw.gz`, raw)),
        normalized: answer !== undefined,
      };
      if (answer === undefined) return ref;
      const answerPath = `${base}.answer.json.gz`;
      await objects.put(answerPath, await compress(toJson(answer)));
      return { ...ref, answerPath };
    },

    async writeVariant({ scrapeId, n, variant, raw }) {
      // Part of a key; the provider's own words are lower-case letters.
      if (!/^[a-z]+$/.test(variant)) throw new RangeError(`"${variant}" is no name of a form`);
      return { variant, ...(await putRaw(`${newBase(scrapeId, n)}.${variant}.raw.gz`, raw)) };
    },

    async readRaw(ref) {
      const { body, place } = await read(ref.path, ref.bytes);
      if (body.length !== ref.bytes) throw damaged(place, `it holds ${body.length} of ${ref.bytes} bytes`);
      if (sha256(body) !== ref.sha256) throw damaged(place, 'it is not what was collected (SHA-256 differs)');
      return body;
    },

    async readAnswer(ref) {
      if (ref.answerPath === undefined) return undefined;
      const { body, place } = await read(ref.answerPath);
      return parseStored(answerSchema, body, place);
    },
  };
}

function newBase(scrapeId: string, n: number): string {
  return `results/${scrapeFolder(scrapeId)}/${n}-${randomBytes(4).toString('hex')}`;
}
