import type { Manifest } from '../contracts/batch.ts';
import { batchRecordSchema, manifestSchema, pageSchema } from './batch-schemas.ts';
import { sha256 } from './hashes.ts';
import { compress, damaged, decompress, parseStored, toJson } from './json-objects.ts';
import type { Place } from './json-objects.ts';
import { isSegment } from './object-keys.ts';
import type { ObjectStore } from './object-store.ts';
import { chargeSchema } from './scrape-schemas.ts';
import type { Batches } from './store.ts';

const REMEDY = 'Restore it from a backup, or start the batch again under another name.';
const RECORD_REMEDY = 'Delete it; the records of its scrapes hold the same.';
const MANIFEST_KEY = /^batches\/([^/]+)\/manifest\.json$/;
const UPLOAD_KEY = /^uploads\/([0-9a-f]{64})\.json\.gz$/;

/**
 * Batches as objects: `batches/<name>/manifest.json`, `pages-<hash of the manifest>/00001.json.gz`, `record.json`,
 * `ceiling.json`, and `stops/<run>.json` for every run that was cancelled.
 * Pages come first and the manifest is created exclusively: a kill in between leaves pages that no manifest names, and
 * of two clients with different manifests under one name each writes into its own folder, so pages never mix.
 */
export function createBatches(objects: ObjectStore): Batches {
  const place = (key: string, remedy = REMEDY): Place => ({ location: objects.location, key, remedy });

  function parseManifest(body: Uint8Array, id: string, folder: string): Standing {
    const at = place(`${folder}/manifest.json`);
    const manifest = parseStored(manifestSchema, body, at);
    if (manifest.batchId !== id) throw damaged(at, `it is the manifest of ${manifest.batchId}`);
    return { manifest, pages: pagesFolder(folder, body) };
  }

  async function readStanding(id: string): Promise<Standing | undefined> {
    const folder = folderOf(id);
    const body = folder && (await objects.get(`${folder}/manifest.json`));
    return folder && body ? parseManifest(body, id, folder) : undefined;
  }

  return {
    async create(manifest, pages) {
      const folder = folderOf(manifest.batchId);
      if (folder === undefined) throw new RangeError(`"${manifest.batchId}" is not a batch id`);
      const standing = await readStanding(manifest.batchId);
      if (standing) return standing.manifest; // before any page is written: a running batch reads those
      const body = toJson(manifest);
      let written = 0;
      for (const page of pages) {
        written++;
        await objects.put(pageKey(pagesFolder(folder, body), written), await compress(toJson(page)));
      }
      if (written !== manifest.pages) throw new RangeError(`${written} pages of ${manifest.pages}`);
      const made = await objects.createExclusive(`${folder}/manifest.json`, body);
      return made.created ? manifest : parseManifest(made.existing, manifest.batchId, folder).manifest;
    },

    async readManifest(id) {
      return (await readStanding(id))?.manifest;
    },

    async readPage(id, page) {
      const standing = await readStanding(id);
      if (standing === undefined || page < 1 || page > standing.manifest.pages) {
        throw new RangeError(`${id} has no page ${page}`);
      }
      const at = place(pageKey(standing.pages, page));
      const body = await objects.get(at.key);
      if (body === undefined) throw damaged(at, 'it is missing');
      return parseStored(pageSchema, await decompress(body, at), at);
    },

    async writeUpload(body) {
      const key = `uploads/${sha256(body)}.json.gz`;
      await objects.put(key, await compress(body)); // the same content under the same key: replacing it changes nothing
      return key;
    },

    async readUpload(key) {
      const hash = UPLOAD_KEY.exec(key)?.[1]; // a key is typed by people: anything else is not there
      const stored = hash && (await objects.get(key));
      if (!stored) return undefined;
      const body = await decompress(stored, place(key));
      if (sha256(body) === hash) return body;
      throw damaged(place(key), 'it is not what was handed over (SHA-256 differs)');
    },

    async stopRun(id, runId) {
      const key = stopKey(id, runId);
      if (key === undefined) throw new RangeError(`no run "${runId}" of "${id}"`);
      await objects.createExclusive(key, toJson({ at: new Date().toISOString() }));
    },

    async isRunStopped(id, runId) {
      const key = stopKey(id, runId); // both may have been typed by hand
      return key !== undefined && (await objects.get(key)) !== undefined;
    },

    async writeCeiling(id, ceiling) {
      const folder = folderOf(id);
      if (folder === undefined) throw new RangeError(`"${id}" is not a batch id`);
      await objects.put(`${folder}/ceiling.json`, toJson(ceiling));
    },

    async readCeiling(id) {
      const folder = folderOf(id);
      const body = folder && (await objects.get(`${folder}/ceiling.json`));
      return folder && body ? parseStored(chargeSchema, body, place(`${folder}/ceiling.json`)) : undefined;
    },

    async writeRecord(record) {
      const folder = folderOf(record.batchId);
      if (folder === undefined) throw new RangeError(`"${record.batchId}" is not a batch id`);
      await objects.put(`${folder}/record.json`, toJson(record));
    },

    async readRecord(id) {
      const folder = folderOf(id);
      const body = folder && (await objects.get(`${folder}/record.json`));
      if (!folder || !body) return undefined;
      const at = place(`${folder}/record.json`, RECORD_REMEDY);
      const record = parseStored(batchRecordSchema, body, at);
      if (record.batchId !== id) throw damaged(at, `it is the record of ${record.batchId}`);
      return record;
    },

    async list() {
      const keys = await objects.list('batches/');
      return keys.flatMap((key) => MANIFEST_KEY.exec(key)?.[1] ?? []).map((name) => `batch/${name}`);
    },
  };
}

/** A manifest and the folder that holds its pages. */
interface Standing {
  manifest: Manifest;
  pages: string;
}

/** Undefined if it is not the id of a batch. */
function folderOf(id: string): string | undefined {
  const [kind, name, ...rest] = id.split('/');
  return kind === 'batch' && name !== undefined && rest.length === 0 && isSegment(name)
    ? `batches/${name}`
    : undefined;
}

function stopKey(id: string, runId: string): string | undefined {
  const folder = folderOf(id);
  return folder !== undefined && isSegment(runId) ? `${folder}/stops/${runId}.json` : undefined;
}

/** Hash of the manifest as it is stored, its time included: also two runs of one client never share pages. */
function pagesFolder(folder: string, manifestBody: Uint8Array): string {
  return `${folder}/pages-${sha256(manifestBody).slice(0, 12)}`;
}

function pageKey(folder: string, page: number): string {
  return `${folder}/${String(page).padStart(5, '0')}.json.gz`;
}
