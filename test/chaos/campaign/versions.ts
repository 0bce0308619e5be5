import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { WORKFLOWS_PATH } from '../../../src/worker/create-workers.ts';
import { ROOT } from '../../support/compiled.ts';
import { compileWorker } from '../compiled-worker.ts';

/** A worker's code, ready to run: what `worker.ts` and the workflows were at one revision. */
export interface Version {
  script: string;
  bundlePath: string;
}

/** Compiles the worker and bundles the workflows of a checkout (this one, if not given) into `folder`. */
export async function buildVersion(folder: string, root = ROOT): Promise<Version> {
  const script = await compileWorker(folder, root);
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, relative(ROOT, WORKFLOWS_PATH)),
    logger: new DefaultLogger('ERROR'),
  });
  const bundlePath = join(folder, 'workflows.js');
  await writeFile(bundlePath, code);
  return { script, bundlePath };
}

/** Writes what git has at a revision to `folder`, beside today's dependencies. Throws if git does not know it. */
export async function checkOut(revision: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const tar = `${folder}.tar`;
  const run = promisify(execFile);
  await run('git', ['archive', '--output', tar, revision], { cwd: ROOT });
  await run('tar', ['-xf', tar, '-C', folder]);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
