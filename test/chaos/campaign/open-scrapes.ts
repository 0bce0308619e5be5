import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Looks into the journal for scrapes that are begun and not ended: what a fault has to hit to be worth its name. */
export class OpenScrapes {
  readonly #root: string;
  readonly #ended = new Set<string>();
  readonly #ids = new Map<string, string>();

  constructor(storeFolder: string) {
    this.#root = join(storeFolder, 'journal');
  }

  /** Ids of scrapes with an intent and neither verdict nor doubt. */
  async read(): Promise<string[]> {
    const ids = new Set<string>();
    for (const shard of await list(this.#root)) {
      for (const tag of await list(join(this.#root, shard))) {
        if (this.#ended.has(tag)) continue;
        const folder = join(this.#root, shard, tag);
        const names = await list(folder);
        if (names.includes('verdict.json')) this.#ended.add(tag);
        else if (!names.includes('unknown.json')) {
          const id = this.#ids.get(tag) ?? (await readId(join(folder, '0001-intent.json')));
          if (id === undefined) continue;
          this.#ids.set(tag, id);
          ids.add(id);
        }
      }
    }
    return [...ids];
  }
}

async function readId(path: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { scrapeId: string }).scrapeId;
  } catch {
    return undefined; // not there yet
  }
}

/** Empty if it is not there yet. */
function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
