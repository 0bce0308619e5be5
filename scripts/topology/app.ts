import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Builds into `app` what the Dockerfile builds into /app; the checkout's own `dist` is left alone. */
export async function buildApp(repository: string, app: string): Promise<void> {
  const dist = join(app, 'dist');
  const bin = (name: string): string => join(repository, 'node_modules', '.bin', name);
  await rm(app, { recursive: true, force: true });
  await mkdir(app, { recursive: true });
  await cp(join(repository, 'package.json'), join(app, 'package.json'));
  await symlink(join(repository, 'node_modules'), join(app, 'node_modules'));
  await run(bin('tsc'), ['-p', 'tsconfig.build.json', '--outDir', dist], { cwd: repository });
  await run(bin('tsx'), ['scripts/build-bundle.ts', dist], { cwd: repository });
}

/** The image's own `ENTRYPOINT`. */
export async function readEntrypoint(dockerfile: string): Promise<string[]> {
  const line = /^ENTRYPOINT (?<json>\[.*\])$/m.exec(await readFile(dockerfile, 'utf8'))?.groups?.['json'];
  if (line === undefined) throw new Error(`${dockerfile} has no ENTRYPOINT in JSON`);
  return JSON.parse(line) as string[];
}
