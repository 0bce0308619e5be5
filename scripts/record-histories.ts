/**
 * Records the histories that `test/replay` replays, on a Temporal server and a simulator of its own. Files that exist
 * are kept: a released history is never recorded again, and a new case only adds its own. To record one case of a version
 * that is not released yet again, delete its file first.
 *
 *   npm run record-histories [-- --force-unreleased]   # records this version's again while it is not released
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { historyFile } from '../test/replay/history-cases.ts';
import type { HistoryCase } from '../test/replay/history-cases.ts';
import { BATCH_RECORDINGS } from './recorder/batch-recordings.ts';
import { currentVersion, writeHistory } from './recorder/history-file.ts';
import { PAGE_RECORDINGS } from './recorder/page-recordings.ts';
import { RETRY_RECORDINGS } from './recorder/retry-recordings.ts';
import { SCRAPE_RECORDINGS } from './recorder/scrape-recordings.ts';
import { startRecordingSystem } from './recorder/system.ts';
import { TOLD_RECORDINGS } from './recorder/told-recordings.ts';

const FOLDER = fileURLToPath(new URL('../test/replay/histories', import.meta.url));

const { values } = parseArgs({ options: { 'force-unreleased': { type: 'boolean', default: false } } });
const overwrite = values['force-unreleased'];
const version = await currentVersion();
if (overwrite && isReleased(version))
  throw new Error(`${version} is released; its histories stay as they are`);

const pathOf = (name: HistoryCase): string => join(FOLDER, historyFile(name, version));
const missing = [
  ...SCRAPE_RECORDINGS,
  ...BATCH_RECORDINGS,
  ...PAGE_RECORDINGS,
  ...TOLD_RECORDINGS,
  ...RETRY_RECORDINGS,
].filter(({ cases }) => overwrite || cases.some((name) => !existsSync(pathOf(name))));
if (missing.length === 0) {
  console.log(`all histories of ${version} are there; nothing recorded`);
} else {
  const system = await startRecordingSystem(console.log);
  try {
    for (const { record } of missing) {
      for (const { name, workflowId, runId } of await record(system)) {
        if (!overwrite && existsSync(pathOf(name))) continue;
        const history = await system.client.workflow.getHandle(workflowId, runId).fetchHistory();
        await writeHistory(pathOf(name), history, overwrite);
        console.log(`${name}: ${history.events?.length} events`);
      }
    }
  } finally {
    await system.close();
  }
}

function isReleased(released: string): boolean {
  return execFileSync('git', ['tag', '--list', `v${released}`], { encoding: 'utf8' }).trim() !== '';
}
