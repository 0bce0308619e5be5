import type { ScrapeRecord } from '../contracts/scrape.ts';
import { scrapeFolder } from './hashes.ts';
import { damaged, parseStored, toJson } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';
import { scrapeRecordSchema } from './scrape-schemas.ts';
import { StoreError } from './store-error.ts';
import type { Records } from './store.ts';

const REMEDY =
  'Delete it and start the scrape again under its id: the journal knows what was bought already.';
const RECORD_KEY = /^records\/[0-9a-f]{2}\/[0-9a-f]{40}\.json$/;

/** Records as objects: `records/<hh>/<hash>.json`, replaced whole; a kill leaves the old one or the new one. */
export function createRecords(objects: ObjectStore): Records {
  async function readKey(key: string): Promise<ScrapeRecord | undefined> {
    const body = await objects.get(key);
    if (body === undefined) return undefined;
    const place = { location: objects.location, key, remedy: REMEDY };
    const record = parseStored(scrapeRecordSchema, body, place);
    if (keyOf(record.scrapeId) !== key) throw damaged(place, `it is the record of ${record.scrapeId}`);
    return record;
  }

  return {
    write: (record) => objects.put(keyOf(record.scrapeId), toJson(record)),
    read: (scrapeId) => readKey(keyOf(scrapeId)),
    async *readAll(damaged) {
      for (const key of await objects.list('records/')) {
        if (!RECORD_KEY.test(key)) continue;
        const record = await readKey(key).catch((error: unknown) => {
          if (!damaged || !(error instanceof StoreError)) throw error;
          damaged(error);
          return undefined;
        });
        if (record) yield record;
      }
    },
  };
}

function keyOf(scrapeId: string): string {
  return `records/${scrapeFolder(scrapeId)}.json`;
}
