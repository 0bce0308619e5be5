import { execFile } from 'node:child_process';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Of this checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Compiles `sources` of a checkout (globs as in a tsconfig) and what they import into `folder`, without checking types, with
 * what they look for around them. A compiled process starts with half of the CPU time that one through tsx takes, and
 * tests start hundreds.
 */
export async function compile(folder: string, sources: readonly string[], root = ROOT): Promise<void> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    noCheck: true,
    rootDir: root,
    outDir: folder,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  const include = sources.map((source) => join(root, source));
  await writeFile(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files: [], include }),
  );
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config]);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await symlink(join(root, 'examples'), join(folder, 'examples'));
  await copyFile(join(root, 'package.json'), join(folder, 'package.json'));
}
