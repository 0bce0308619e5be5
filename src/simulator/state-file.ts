import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SimulatorEvent } from './events.ts';

/**
 * Opens a file of events, which need not exist: those of an earlier run, oldest first, and how to add one. Adding is
 * synchronous, because an answer must not leave before what it promises is written; it is not flushed further, because
 * the simulator outlives a killed process and not a power cut.
 */
export function openStateFile(path: string): {
  history: SimulatorEvent[];
  append: (event: SimulatorEvent) => void;
} {
  mkdirSync(dirname(path), { recursive: true });
  const history = existsSync(path) ? readEvents(path) : [];
  // Owner only: job ids are what gives access to prompts and answers.
  return {
    history,
    append: (event) => appendFileSync(path, `${JSON.stringify(event)}\n`, { mode: 0o600 }),
  };
}

/** Removes a last line that a crash cut short: nobody was told of it. */
function readEvents(path: string): SimulatorEvent[] {
  const bytes = readFileSync(path);
  const wholeBytes = bytes.lastIndexOf('\n') + 1;
  if (wholeBytes < bytes.length) truncateSync(path, wholeBytes);
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n');
  // Only `append` writes this file, and only whole events.
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SimulatorEvent);
}
