import { execFile } from 'node:child_process';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Compiles `worker.ts` and what it imports into `folder`, and returns the script. A compiled worker starts with half of the
 * CPU time that one through tsx takes, and these tests start many.
 */
export async function compileWorker(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    noCheck: true,
    rootDir: ROOT,
    outDir: folder,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  const files = [fileURLToPath(new URL('./worker.ts', import.meta.url))];
  const extended = join(ROOT, 'tsconfig.json');
  await writeFile(config, JSON.stringify({ extends: extended, compilerOptions, files, include: [] }));
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config]);
  // What the compiled files look for around them.
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await copyFile(join(ROOT, 'package.json'), join(folder, 'package.json'));
  return join(folder, 'test/chaos/worker.js');
}
