import type { BatchItem } from '../contracts/batch.ts';
import { readCsv } from './manifest-csv.ts';
import { type ManifestContext, readItems } from './manifest-item.ts';
import { readJsonArray, readJsonLines } from './manifest-json.ts';
import type { ManifestProblem, ManifestRows } from './manifest-row.ts';
import { decodeText } from './manifest-text.ts';

export type ReadManifest =
  /** `places[i]` says where item i was: `line 7`, `item 7`. */
  { ok: true; items: BatchItem[]; places: string[] } | { ok: false; problems: ManifestProblem[] };

/**
 * Reads a manifest file: CSV, one JSON value a line (`.ndjson`, `.jsonl`) or a JSON array (`.json`); a name without a
 * known ending is told by its first character. Reports every problem at once, with line and column.
 */
export function readManifest(bytes: Uint8Array, fileName: string, context: ManifestContext): ReadManifest {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return { ok: false, problems: [decoded.problem] };
  if (decoded.text.trim() === '') return { ok: false, problems: [{ field: 'file', message: 'is empty' }] };
  const source = readRows(decoded.text, fileName);
  const { items, places, problems: itemProblems } = readItems(source, context);
  const problems = [...source.problems, ...itemProblems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (problems.length > 0) return { ok: false, problems };
  if (items.length === 0) return { ok: false, problems: [{ field: 'file', message: 'holds no prompts' }] };
  return { ok: true, items, places };
}

function readRows(text: string, fileName: string): ManifestRows {
  const ending = fileName.toLowerCase().split('.').pop();
  if (ending === 'json') return readJsonArray(text);
  if (ending === 'ndjson' || ending === 'jsonl') return readJsonLines(text);
  if (ending !== 'csv' && ending !== 'tsv') {
    if (text.trimStart().startsWith('[')) return readJsonArray(text);
    if (text.trimStart().startsWith('{')) return readJsonLines(text);
  }
  return readCsv(text);
}
