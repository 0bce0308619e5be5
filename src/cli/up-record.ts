import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { withFolderLock } from '../dev-server/folder-lock.ts';
import { processCommand } from '../dev-server/process-command.ts';
import { listeningSchema } from './worker-process.ts';

/** What `up.json` says of the `gleaner up` that runs in this home; what is not known yet is absent. */
const schema = z.object({
  pid: z.int().positive(),
  startedAt: z.string(),
  address: z.string().optional(),
  uiUrl: z.string().optional(),
  namespace: z.string().optional(),
  simulatorUrl: z.string().optional(),
  webhooks: listeningSchema.optional(),
});
export type UpRecord = z.infer<typeof schema>;

/** Takes this home for this process; the record of the one that has it already otherwise. */
export async function claimHome(stateFolder: string): Promise<UpRecord | undefined> {
  await mkdir(stateFolder, { recursive: true });
  return withFolderLock(stateFolder, async () => {
    const other = await readUpRecord(stateFolder);
    if (other && other.pid !== process.pid) return other;
    await writeUpRecord(stateFolder, { pid: process.pid, startedAt: new Date().toISOString() });
    return undefined;
  });
}

/** The record of an `up` that runs; a process id alone proves nothing, since ids are given out again. */
export async function readUpRecord(stateFolder: string): Promise<UpRecord | undefined> {
  try {
    const record = schema.safeParse(JSON.parse(await readFile(pathIn(stateFolder), 'utf8'))).data;
    return record && / up\b/.test((await processCommand(record.pid)) ?? '') ? record : undefined;
  } catch {
    return undefined;
  }
}

export async function writeUpRecord(stateFolder: string, record: UpRecord): Promise<void> {
  await writeFile(pathIn(stateFolder), `${JSON.stringify(record, undefined, 2)}\n`);
}

export async function releaseHome(stateFolder: string): Promise<void> {
  if ((await readUpRecord(stateFolder))?.pid === process.pid) await rm(pathIn(stateFolder), { force: true });
}

function pathIn(stateFolder: string): string {
  return join(stateFolder, 'up.json');
}
