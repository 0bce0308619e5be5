import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * The journal read as plain files, without the product's own reader: `journal/<hh>/<tag>/` holds `0001-intent.json`,
 * `0001-refused.json`, …, `receipt.json`, `unknown.json`, `verdict.json` (docs/decisions/0010-file-store.md).
 */
export interface JournalFiles {
  /** Submissions whose last intent nobody has answered yet. */
  readOpen(): Promise<OpenIntent[]>;
  readAll(): Promise<JournalledSubmission[]>;
}

export interface OpenIntent {
  scrapeId: string;
  n: number;
  createdAtMs: number;
}

export interface JournalledSubmission {
  scrapeId: string;
  n: number;
  /** Of intents that may have been sent. */
  intentsAtMs: number[];
  /** The last intent has no answer; `unknown.json` is none. */
  isUnanswered: boolean;
  /** It was proven that the provider does not have it. */
  isAbsent?: true;
  receipt?: { taskId: string; credits: number };
}

const intentSchema = z.object({
  scrapeId: z.string(),
  n: z.number(),
  createdAt: z.iso.datetime(),
  withdrawn: z.boolean().optional(),
});
const receiptSchema = z.object({ taskId: z.string(), charge: z.object({ credits: z.number().optional() }) });
const unknownSchema = z.object({ absent: z.boolean().optional() });
const INTENT = /^(\d+)-intent\.json$/;

/** Reads the journal in this store's folder; it may be written to meanwhile. */
export function journalFiles(storeFolder: string): JournalFiles {
  const root = join(storeFolder, 'journal');
  /** Folders that can never be open again, so that a look at a long run stays cheap. */
  const answered = new Set<string>();

  async function folders(): Promise<string[]> {
    const shards = await list(root);
    const tags = await Promise.all(
      shards.map(async (shard) => (await list(join(root, shard))).map((tag) => join(root, shard, tag))),
    );
    return tags.flat();
  }

  return {
    async readOpen() {
      const open = (await folders())
        .filter((folder) => !answered.has(folder))
        .map(async (folder): Promise<OpenIntent[]> => {
          const names = new Set(await list(folder));
          if (names.has('receipt.json') || names.has('unknown.json')) answered.add(folder);
          const intent =
            isUnanswered(names) && !names.has('unknown.json') && (await lastIntent(folder, names));
          if (!intent || intent.withdrawn) return [];
          const { scrapeId, n, createdAt } = intent;
          return [{ scrapeId, n, createdAtMs: Date.parse(createdAt) }];
        });
      return (await Promise.all(open)).flat();
    },

    async readAll() {
      const submissions: JournalledSubmission[] = [];
      for (const folder of await folders()) {
        const names = new Set(await list(folder));
        const last = await lastIntent(folder, names);
        if (!last) continue; // made, but its first file was never put into it
        const intents = await Promise.all(intentNames(names).map((name) => read(intentSchema, folder, name)));
        const receipt = names.has('receipt.json')
          ? await read(receiptSchema, folder, 'receipt.json')
          : undefined;
        const unknown = names.has('unknown.json')
          ? await read(unknownSchema, folder, 'unknown.json')
          : undefined;
        submissions.push({
          scrapeId: last.scrapeId,
          n: last.n,
          intentsAtMs: intents.flatMap((one) => (one.withdrawn ? [] : Date.parse(one.createdAt))),
          isUnanswered: isUnanswered(names) && !last.withdrawn,
          ...(unknown?.absent && { isAbsent: true }),
          ...(receipt && { receipt: { taskId: receipt.taskId, credits: receipt.charge.credits ?? 0 } }),
        });
      }
      return submissions;
    },
  };
}

function isUnanswered(names: Set<string>): boolean {
  const last = intentNames(names).at(-1);
  return last !== undefined && !names.has('receipt.json') && !names.has(last.replace('intent', 'refused'));
}

async function lastIntent(
  folder: string,
  names: Set<string>,
): Promise<z.infer<typeof intentSchema> | undefined> {
  const last = intentNames(names).at(-1);
  return last === undefined ? undefined : read(intentSchema, folder, last);
}

/** In the order of the tries. */
function intentNames(names: Set<string>): string[] {
  return [...names].filter((name) => INTENT.test(name)).sort();
}

async function read<T>(schema: z.ZodType<T>, folder: string, name: string): Promise<T> {
  return schema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
}

/** Empty if it is not there yet. */
function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
