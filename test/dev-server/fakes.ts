import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that ends with its test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-dev-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an executable shell script and returns its path. */
export function script(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** An executable that answers `--version` as a Temporal CLI does. */
export function fakeCli(path: string, version: string): string {
  return script(path, `echo "temporal version ${version} (Server 1.32.0, UI 2.54.1)"`);
}

/** No download host can be reached through a proxy that does not exist. */
export const OFFLINE = { HTTPS_PROXY: 'http://127.0.0.1:9', ALL_PROXY: 'http://127.0.0.1:9' };
