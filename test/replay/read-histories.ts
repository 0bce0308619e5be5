import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { History } from '@temporalio/common/lib/proto-utils.js';

const FOLDER = new URL('histories/', import.meta.url);

/** The recorded files by name. */
export function historyFiles(): string[] {
  return readdirSync(fileURLToPath(FOLDER)).sort();
}

export function historyText(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

export function readHistory(file: string): History {
  return historyFromJSON(JSON.parse(historyText(file)));
}
