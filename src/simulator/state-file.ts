import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SimulatorEvent } from './events.ts';

/** The events of an earlier run, oldest first; none if there is no file. A line cut short by a crash is removed. */
export function readStateFile(path: string): SimulatorEvent[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const wholeBytes = bytes.lastIndexOf('\n') + 1;
  if (wholeBytes < bytes.length) truncateSync(path, wholeBytes);
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n');
  // Only `appendToStateFile` writes this file, and only whole events.
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SimulatorEvent);
}

/**
 * Writes one event, synchronously: an answer must not leave before what it promises is on disk. It is not flushed
 * further, because the simulator outlives a killed process and not a power cut.
 */
export function appendToStateFile(path: string, event: SimulatorEvent): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(event)}\n`, { mode: 0o600 });
}
