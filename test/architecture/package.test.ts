import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectGleaner } from '../../src/client/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  bin: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
  files: string[];
  dependencies: Record<string, string>;
};

/** The source that a file of the build is made of. */
function sourceOf(built: string): string {
  return join(ROOT, built.replace(/^(\.\/)?dist\//, 'src/').replace(/(\.d\.ts|\.js)$/, '.ts'));
}

describe('the package', () => {
  it('points at files that the build makes', () => {
    const entries = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [] : Object.values(entry),
    );
    for (const built of [...entries, ...Object.values(manifest.bin)]) {
      expect(existsSync(sourceOf(built)), built).toBe(true);
    }
    for (const file of manifest.files.filter((name) => name !== 'dist')) {
      expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
  });

  it('gives what a program needs to start, wait, cancel and read', () => {
    expect(typeof connectGleaner).toBe('function');
  });

  it('pins every dependency, all of Temporal to one version', () => {
    const versions = Object.entries(manifest.dependencies);
    for (const [name, version] of versions) expect(version, name).toMatch(/^\d+\.\d+\.\d+(-r\.\d+)?$/);
    const temporal = versions
      .filter(([name]) => name.startsWith('@temporalio/'))
      .map(([, version]) => version);
    expect(new Set(temporal).size).toBe(1);
  });
});
