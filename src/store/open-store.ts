import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createBatches } from './batches.ts';
import { createCapLog } from './cap-log.ts';
import { createFileObjectStore } from './file-object-store.ts';
import { createJournal } from './journal.ts';
import { damaged, parseStored, toJson } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';
import { createPairings } from './pairings.ts';
import { createPostbacks } from './postbacks.ts';
import { createRecords } from './records.ts';
import { createResults } from './results.ts';
import { createRetries } from './retries.ts';
import { StoreError } from './store-error.ts';
import type { Store, StoreOwner } from './store.ts';
import { createSweeps } from './sweeps.ts';

const OWNER_KEY = 'owner.json';
const REMEDY = 'Restore it from a backup: without it Gleaner cannot find what was bought.';

const ownerSchema = z.looseObject({
  storeId: z.string().min(1),
  tagPrefix: z.string().regex(/^[a-z0-9]{6}$/),
  simulated: z.boolean(),
  createdAt: z.string(),
}) satisfies z.ZodType<StoreOwner>;

/**
 * Opens the store in `objects`, or makes one there. Throws `StoreError` if it belongs to the other kind of run: simulated
 * scrapes and paid ones never share a store. A kill leaves no owner or a whole one; whoever comes next reads or makes it.
 */
export async function openStore(objects: ObjectStore, options: { simulated: boolean }): Promise<Store> {
  const owner = (await readOwner(objects)) ?? (await createOwner(objects, options.simulated));
  if (owner.simulated !== options.simulated) {
    throw new StoreError(
      'unavailable',
      OWNER_KEY,
      `The store ${objects.location} holds ${kindOf(owner.simulated)} scrapes, but this run makes ${kindOf(options.simulated)} ones. ` +
        'Set GLEANER_STORE or GLEANER_HOME to another folder for one of them.',
    );
  }
  return {
    location: objects.location,
    owner,
    journal: createJournal(objects, owner.tagPrefix),
    results: createResults(objects),
    records: createRecords(objects),
    batches: createBatches(objects),
    postbacks: createPostbacks(objects),
    pairings: createPairings(objects),
    sweeps: createSweeps(objects),
    caps: createCapLog(objects),
    retries: createRetries(objects),
  };
}

/** Opens the store in a folder of a local file system, making the folder if it is not there. */
export function openFileStore(folder: string, options: { simulated: boolean }): Promise<Store> {
  return openStore(createFileObjectStore(folder), options);
}

async function readOwner(objects: ObjectStore): Promise<StoreOwner | undefined> {
  const body = await objects.get(OWNER_KEY);
  return body && parseOwner(objects, body);
}

async function createOwner(objects: ObjectStore, simulated: boolean): Promise<StoreOwner> {
  // A journal under a lost owner could not be found by a new one's tags, and everything in it would be bought again.
  if ((await objects.list('journal/')).length > 0) {
    const late = await readOwner(objects); // made since the first look, before that journal
    if (late) return late;
    throw damaged(placeOf(objects), 'it is missing, but there is a journal');
  }
  const owner: StoreOwner = {
    storeId: randomUUID(),
    tagPrefix: Array.from({ length: 6 }, () => randomInt(36).toString(36)).join(''),
    simulated,
    createdAt: new Date().toISOString(),
  };
  const made = await objects.createExclusive(OWNER_KEY, toJson(owner));
  return made.created ? owner : parseOwner(objects, made.existing);
}

function parseOwner(objects: ObjectStore, body: Uint8Array): StoreOwner {
  return parseStored(ownerSchema, body, placeOf(objects));
}

function placeOf(objects: ObjectStore): { location: string; key: string; remedy: string } {
  return { location: objects.location, key: OWNER_KEY, remedy: REMEDY };
}

function kindOf(simulated: boolean): string {
  return simulated ? 'SIMULATED' : 'real, paid';
}
