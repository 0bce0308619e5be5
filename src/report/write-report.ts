import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Store } from '../store/store.ts';
import { analyse } from './analyse.ts';
import { collectReport } from './collect.ts';
import { renderReport } from './render.ts';
import type { ReportOptions } from './report-data.ts';

export interface WrittenReport {
  path: string;
  bytes: number;
}

/**
 * Writes a batch's report as one HTML file, at any time while the batch runs. The file appears whole: a reader that has
 * the old one open never sees half of the new one.
 */
export async function writeReport(
  store: Store,
  batchId: string,
  file: string,
  options: ReportOptions = {},
): Promise<WrittenReport> {
  const analysis = analyse(await collectReport(store, batchId), options);
  const unfinished = `${file}.${process.pid}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await pipeline(Readable.from(renderReport(analysis)), createWriteStream(unfinished, { mode: 0o644 }));
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
  return { path: file, bytes: (await stat(file)).size };
}
