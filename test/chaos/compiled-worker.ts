import { join } from 'node:path';
import { compile } from '../support/compiled.ts';

/** Compiles `worker.ts` of a checkout, this one if none is named, into `folder`, and returns the script. */
export async function compileWorker(folder: string, root?: string): Promise<string> {
  await compile(folder, ['test/chaos/worker.ts'], root);
  return join(folder, 'test/chaos/worker.js');
}
