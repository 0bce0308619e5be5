import { execFile } from 'node:child_process';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Of this checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Compiles `worker.ts` of a checkout and what it imports into `folder`, and returns the script. A compiled worker starts with
 * half of the CPU time that one through tsx takes, and these tests start many.
 */
export async function compileWorker(folder: string, root = ROOT): Promise<string> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    noCheck: true,
    rootDir: root,
    outDir: folder,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  const files = [join(root, 'test/chaos/worker.ts')];
  const extended = join(root, 'tsconfig.json');
  await writeFile(config, JSON.stringify({ extends: extended, compilerOptions, files, include: [] }));
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config]);
  // What the compiled files look for around them.
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await copyFile(join(root, 'package.json'), join(folder, 'package.json'));
  return join(folder, 'test/chaos/worker.js');
}
