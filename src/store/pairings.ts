import { z } from 'zod';
import { parseStored, toJson } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';
import type { Pairing, Pairings } from './store.ts';

const FOLDER = 'pairings/';
const KEY = /^pairings\/(\d{4})\.json$/;
const REMEDY =
  'Restore it from a backup, or delete it and run "gleaner doctor --take-over" with the right server and namespace.';

const pairingSchema = z.looseObject({
  namespace: z.string(),
  server: z.string(),
  runId: z.string(),
  at: z.string(),
}) satisfies z.ZodType<Pairing>;

/**
 * Which namespace a store works with, as objects `pairings/0001.json`, `0002.json` and so on, each created exclusively; the
 * last one stands. A kill leaves one absent or whole.
 */
export function createPairings(objects: ObjectStore): Pairings {
  const parse = (key: string, body: Uint8Array): Pairing =>
    parseStored(pairingSchema, body, { location: objects.location, key, remedy: REMEDY });

  async function last(): Promise<{ n: number; pairing?: Pairing }> {
    const key = (await objects.list(FOLDER)).filter((name) => KEY.test(name)).at(-1);
    const body = key && (await objects.get(key));
    if (!key || !body) return { n: 0 };
    return { n: Number(KEY.exec(key)?.[1]), pairing: parse(key, body) };
  }

  return {
    current: async () => (await last()).pairing,
    async add(pairing) {
      const key = `${FOLDER}${String((await last()).n + 1).padStart(4, '0')}.json`;
      const made = await objects.createExclusive(key, toJson(pairing));
      return made.created ? pairing : parse(key, made.existing);
    },
  };
}
