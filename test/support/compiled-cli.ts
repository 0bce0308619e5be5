import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { compile } from './compiled.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The compiled entry of the `gleaner` of this checkout. */
    gleanerMain: string;
  }
}

/** Compiles `gleaner` once for all tests of a project that run it as a user does. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-test-cli-'));
  await compile(folder, ['src']);
  project.provide('gleanerMain', join(folder, 'src/cli/main.js'));
  const endWithUs = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', endWithUs); // also if a run is stopped before its teardown
  return async () => {
    process.off('exit', endWithUs);
    await rm(folder, { recursive: true, force: true });
  };
}
