import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

// What `down` needs in another process than `up`, written after every start so that nothing is forgotten.
const stateSchema = z.object({
  address: z.string(),
  uiUrl: z.string().optional(),
  clientEnv: z.record(z.string(), z.string()),
  /** In the order of their start. */
  processes: z.array(
    z.object({
      name: z.string(),
      service: z.string(),
      pid: z.number(),
      startedAt: z.string(),
      stopSignal: z.enum(['SIGTERM', 'SIGINT']),
      graceMs: z.number(),
      logPath: z.string(),
    }),
  ),
});

export type TopologyState = z.output<typeof stateSchema>;
export type RunningProcess = TopologyState['processes'][number];

/** What runs in this folder according to its last `up`; undefined if there was none. */
export async function readState(folder: string): Promise<TopologyState | undefined> {
  const text = await readFile(pathIn(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : stateSchema.parse(JSON.parse(text));
}

export async function writeState(folder: string, state: TopologyState): Promise<void> {
  await writeFile(`${pathIn(folder)}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${pathIn(folder)}.new`, pathIn(folder));
}

function pathIn(folder: string): string {
  return join(folder, 'topology.json');
}
