import type { z } from 'zod';
import type { Submission, SubmissionKey } from '../contracts/journal.ts';
import { sha256 } from './hashes.ts';
import {
  duplicateSchema,
  intentSchema,
  receiptSchema,
  refusedSchema,
  unknownSchema,
  verdictSchema,
} from './journal-schemas.ts';
import { damaged, parseStored, toJson } from './json-objects.ts';
import type { Place } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';
import type { Journal } from './store.ts';

const REMEDY =
  'It is the proof of what was bought: restore it from a backup. Do not delete it, or the scrape may be bought again.';

/**
 * The journal as objects: `journal/<hh>/<tag>/` holds `0001-intent.json`, `0001-refused.json`, `0002-intent.json`, …,
 * and `receipt.json`, `unknown.json`, `verdict.json`, `duplicate-<hash of its task id>.json`. Each is created exclusively, so a kill leaves it absent or whole;
 * what an absent one means is section 5 of the design. Nothing here is ever overwritten, deleted or skipped.
 */
export function createJournal(objects: ObjectStore, tagPrefix: string): Journal {
  const tag = (scrapeId: string, n: number): string => `${tagPrefix}-${submissionHash(scrapeId, n)}`;
  const folder = ({ scrapeId, n }: SubmissionKey): string => folderOf(tag(scrapeId, n));
  const place = (key: string): Place => ({ location: objects.location, key, remedy: REMEDY });

  function parse<T extends SubmissionKey>(schema: z.ZodType<T>, key: string, body: Uint8Array, of: Asked): T {
    const entry = parseStored(schema, body, place(key));
    if (entry.scrapeId !== of.scrapeId || entry.n !== of.n) {
      throw damaged(place(key), `it belongs to submission ${entry.n} of ${entry.scrapeId}`);
    }
    if (of.try !== undefined && 'try' in entry && entry.try !== of.try) {
      throw damaged(place(key), `it belongs to try ${String(entry.try)}`);
    }
    return entry;
  }

  async function readEntry<T extends SubmissionKey>(
    schema: z.ZodType<T>,
    key: string,
    of: Asked,
  ): Promise<T> {
    const body = await objects.get(key);
    if (body === undefined) throw damaged(place(key), 'it is missing');
    return parse(schema, key, body, of);
  }

  /** The entry that stands under `key`: this one, or the one that was there first. */
  async function create<T extends SubmissionKey>(schema: z.ZodType<T>, key: string, entry: T): Promise<T> {
    // What could not be read back is never written: it would block its scrape for good.
    const valid = schema.safeParse(entry);
    if (!valid.success) throw new RangeError(`${key} cannot be written: ${valid.error.message}`);
    const made = await objects.createExclusive(key, toJson(entry));
    if (made.created) return entry;
    const of: Asked = { scrapeId: entry.scrapeId, n: entry.n };
    return parse(schema, key, made.existing, of);
  }

  async function read(scrapeId: string, n: number): Promise<Submission | undefined> {
    const base = folder({ scrapeId, n });
    const names = new Set((await objects.list(`${base}/`)).map((key) => key.slice(base.length + 1)));
    const last = lastTry(names);
    if (last === 0) return undefined;
    const of: Asked = { scrapeId, n };
    const ofTry: Asked = { ...of, try: last };
    const optional = <T extends SubmissionKey>(
      schema: z.ZodType<T>,
      name: string,
      of: Asked,
    ): Promise<T | undefined> =>
      names.has(name) ? readEntry(schema, `${base}/${name}`, of) : Promise.resolve(undefined);
    const [intent, refused, receipt, unknown, verdict] = await Promise.all([
      readEntry(intentSchema, `${base}/${intentName(last)}`, ofTry),
      optional(refusedSchema, refusedName(last), ofTry),
      optional(receiptSchema, 'receipt.json', of),
      optional(unknownSchema, 'unknown.json', of),
      optional(verdictSchema, 'verdict.json', of),
      requireEarlierTries(base, names, last, of),
    ]);
    const duplicates = await Promise.all(
      [...names]
        .filter((name) => DUPLICATE.test(name))
        .map((name) => readEntry(duplicateSchema, `${base}/${name}`, of)),
    );
    if (intent.tag !== tag(scrapeId, n)) {
      throw damaged(place(`${base}/${intentName(last)}`), `its tag is ${intent.tag}`);
    }
    return {
      scrapeId,
      n,
      intent,
      refused,
      receipt,
      unknown,
      verdict,
      ...(duplicates.length > 0 && { duplicates }),
    };
  }

  /** Every try before the last was refused or withdrawn, or two purchases may be open under one tag. */
  async function requireEarlierTries(
    base: string,
    names: Set<string>,
    last: number,
    of: Asked,
  ): Promise<void> {
    for (let n = 1; n < last; n++) {
      if (names.has(intentName(n)) && names.has(refusedName(n))) continue;
      // A listing may miss what is created while it runs, so a missing name is looked at before it is believed.
      const intent = await readEntry(intentSchema, `${base}/${intentName(n)}`, { ...of, try: n });
      if (intent.withdrawn || (await objects.get(`${base}/${refusedName(n)}`)) !== undefined) continue;
      throw damaged(place(`${base}/${refusedName(n)}`), `it is missing, but try ${n + 1} is there`);
    }
  }

  return {
    tag,
    read,
    isOwn: (tag) => isOwnTag(tag, tagPrefix),

    async tags() {
      const tags = (await objects.list('journal/')).map((key) => key.split('/')[2] ?? '');
      return [...new Set(tags)].filter((tag) => isOwnTag(tag, tagPrefix)).sort();
    },

    async findByTag(tag) {
      if (!isOwnTag(tag, tagPrefix)) return undefined; // without a look: lists show thousands of them
      const key = `${folderOf(tag)}/${intentName(1)}`;
      const body = await objects.get(key);
      if (body === undefined) return undefined;
      const { scrapeId, n } = parseStored(intentSchema, body, place(key));
      // `read` looks under the tag of that submission, so a moved file cannot answer for another one.
      const submission = await read(scrapeId, n);
      if (submission?.intent.tag === tag) return submission;
      throw damaged(place(key), `it belongs to submission ${n} of ${scrapeId}`);
    },

    async readVerdict(scrapeId, n) {
      const key = `${folder({ scrapeId, n })}/verdict.json`;
      const body = await objects.get(key);
      return body && parse(verdictSchema, key, body, { scrapeId, n });
    },

    async readAll(scrapeId) {
      const submissions: Submission[] = [];
      for (let n = 1; ; n++) {
        const submission = await read(scrapeId, n);
        if (submission === undefined) return submissions;
        submissions.push(submission);
      }
    },

    async createIntent(intent) {
      if (intent.tag !== tag(intent.scrapeId, intent.n)) throw new RangeError(`${intent.tag} is not its tag`);
      const standing = await create(intentSchema, `${folder(intent)}/${intentName(intent.try)}`, intent);
      return standing.nonce === intent.nonce;
    },
    async createRefused(refused) {
      await create(refusedSchema, `${folder(refused)}/${refusedName(refused.try)}`, refused);
    },
    async createReceipt(receipt) {
      await create(receiptSchema, `${folder(receipt)}/receipt.json`, receipt);
    },
    async createUnknown(unknown) {
      await create(unknownSchema, `${folder(unknown)}/unknown.json`, unknown);
    },
    async createDuplicate(duplicate) {
      const name = `duplicate-${sha256(duplicate.taskId).slice(0, 16)}.json`;
      await create(duplicateSchema, `${folder(duplicate)}/${name}`, duplicate);
    },
    createVerdict(verdict) {
      return create(verdictSchema, `${folder(verdict)}/verdict.json`, verdict);
    },
  };
}

interface Asked extends SubmissionKey {
  try?: number;
}

const HASH_CHARS = 26;

/** A tag comes from outside, so its form is checked before it becomes a path. */
function isOwnTag(tag: string, tagPrefix: string): boolean {
  const hash = tag.slice(tagPrefix.length + 1);
  return tag.startsWith(`${tagPrefix}-`) && hash.length === HASH_CHARS && /^[0-9a-f]+$/.test(hash);
}

/** The first two digits of the hash make shards, which keep folders small. */
function folderOf(tag: string): string {
  return `journal/${tag.slice(-HASH_CHARS, 2 - HASH_CHARS)}/${tag}`;
}

function intentName(tryNumber: number): string {
  return `${String(tryNumber).padStart(4, '0')}-intent.json`;
}

function refusedName(tryNumber: number): string {
  return `${String(tryNumber).padStart(4, '0')}-refused.json`;
}

const DUPLICATE = /^duplicate-[0-9a-f]{16}\.json$/;
const ENTRY = /^(?:(\d{4,})-(?:intent|refused)|receipt|unknown|verdict|duplicate-[0-9a-f]{16})\.json$/;

/** 0 if nothing is there. Whatever else is there follows an intent, so without one the first is asked for and missed. */
function lastTry(names: Set<string>): number {
  let last = 0;
  for (const name of names) {
    const entry = ENTRY.exec(name);
    if (entry) last = Math.max(last, Number(entry[1] ?? 1));
  }
  return last;
}

/** 104 bits: two of a billion submissions share one with a chance of 10^-14, and then `read` says so. */
function submissionHash(scrapeId: string, n: number): string {
  return sha256(JSON.stringify([scrapeId, n])).slice(0, HASH_CHARS);
}
