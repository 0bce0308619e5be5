import { readFile, writeFile } from 'node:fs/promises';
import { homedir, hostname, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { History } from '@temporalio/common/lib/proto-utils.js';

/** Everything in a history that names the machine: who worked on it, and where the code lay. Replay reads none of it. */
const SCRUBBED: Record<string, string> = { identity: 'gleaner-recorder', stackTrace: '' };

/** Writes a history as JSON, one event a line, without anything of this machine; throws if something is left. */
export async function writeHistory(path: string, history: History, overwrite: boolean): Promise<void> {
  const { events } = JSON.parse(historyToJSON(history), scrub) as { events: unknown[] };
  const text = `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
  const left = machineNames().filter((name) => readable(text).includes(name));
  if (left.length > 0) throw new Error(`${path} would hold ${left.join(', ')}`);
  await writeFile(path, text, { flag: overwrite ? 'w' : 'wx' });
}

/** The version that package.json has now: it is the one that wrote the histories. */
export async function currentVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function scrub(key: string, value: unknown): unknown {
  const fixed = SCRUBBED[key];
  if (fixed !== undefined) return fixed;
  // A sticky queue is named after its worker's process and machine.
  return typeof value === 'string' ? value.replaceAll(/\d+@[\w.-]+/g, 'gleaner-recorder') : value;
}

/** The text with its payloads decoded, since a path can hide in base64. */
function readable(text: string): string {
  const payloads = [...text.matchAll(/"data":"([^"]+)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64'),
  );
  return [text, ...payloads.map(String)].join('\n');
}

function machineNames(): string[] {
  return [fileURLToPath(new URL('../..', import.meta.url)), tmpdir(), homedir(), hostname()];
}
