import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface HotFunction {
  /** Function, file and line. */
  name: string;
  /** Share of the samples in which JavaScript threads were not idle. */
  share: number;
}

/** The part of a V8 `.cpuprofile` that is read here. */
interface CpuProfile {
  nodes: Array<{ id: number; callFrame: { functionName: string; url: string; lineNumber: number } }>;
  samples: number[];
  timeDeltas: number[];
}

const TOP = 15;
/** V8's name for a thread that waits. */
const IDLE = '(idle)';

/** What a Node process needs in front of its script to leave a profile of each of its threads when it ends. */
export function profileArgs(folder: string, phase: string): string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folderOf(folder, phase)}`];
}

/** The functions that took most time themselves, over all threads that run JavaScript; the SDK's native part is in none. */
export async function readProfiles(folder: string, phase: string): Promise<HotFunction[]> {
  const micros = new Map<string, number>();
  for (const file of await readdir(folderOf(folder, phase))) {
    const text = await readFile(join(folderOf(folder, phase), file), 'utf8');
    addProfile(micros, JSON.parse(text) as CpuProfile); // written by node itself
  }
  micros.delete(IDLE);
  const total = [...micros.values()].reduce((sum, each) => sum + each, 0);
  return [...micros]
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .map(([name, own]) => ({ name, share: own / total }));
}

function addProfile(micros: Map<string, number>, { nodes, samples, timeDeltas }: CpuProfile): void {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  samples.forEach((id, n) => {
    const name = names.get(id) ?? '(unknown)';
    micros.set(name, (micros.get(name) ?? 0) + (timeDeltas[n] ?? 0));
  });
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName;
  const file = url.split('/').slice(-2).join('/');
  return `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}

function folderOf(folder: string, phase: string): string {
  return join(folder, `profile-${phase}`);
}
