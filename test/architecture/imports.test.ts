import { describe, expect, it } from 'vitest';
import { LAYERS } from './layers.ts';
import { filesOf, readSources } from './source-files.ts';
import type { Import } from './source-files.ts';

const sources = readSources();
const folders = [...new Set(sources.map(({ folder }) => folder))].sort();

describe('the layout', () => {
  it('has a rule for every folder, and a folder for every rule', () => {
    expect(folders).toEqual(Object.keys(LAYERS).sort());
  });

  it.each(folders)('lets %s import only what it may', (folder) => {
    const { from = [], typesFrom = [], packages } = LAYERS[folder] ?? {};
    const allowed = ({ target, kind, typeOnly }: Import): boolean =>
      kind === 'package'
        ? (packages?.includes(target) ?? true)
        : target === folder || from.includes(target) || (typeOnly && typesFrom.includes(target));
    const forbidden = sources
      .filter((file) => file.folder === folder)
      .flatMap(({ path, imports }) =>
        imports.filter((one) => !allowed(one)).map(({ target }) => `${path} imports ${target}`),
      );
    expect(forbidden).toEqual([]);
  });

  it('has no cycle between folders', () => {
    const reached = (folder: string, seen = new Set<string>()): Set<string> => {
      for (const next of importedBy(folder)) {
        if (seen.has(next)) continue;
        seen.add(next);
        reached(next, seen);
      }
      return seen;
    };
    expect(folders.filter((folder) => reached(folder).has(folder))).toEqual([]);
  });

  it('is read from the code at all: the parser sees the imports it must see', () => {
    expect([...importedBy('workflows')]).toEqual(expect.arrayContaining(['activities', 'contracts']));
    expect([...importedBy('worker')]).toContain('activities');
  });
});

/** What only the named files may hold. */
const RESERVED = [
  {
    what: 'process.env, which is read once and passed on',
    pattern: /\bprocess\.env\b|\benv\b[^}]*\}\s*=\s*process\b/,
    files: ['cli/terminal.ts'],
  },
  { what: 'a default export', pattern: /^export default\b/m, files: ['workflows/unknown-type.ts'] },
  {
    what: 'DuckDB at the start of a process instead of at the first query',
    pattern: /\bfrom '@duckdb\//,
    files: [],
  },
  {
    what: 'a barrel',
    pattern: /^export (?:type )?(?:\*|\{[^}]*\}) from/m,
    files: ['client/index.ts', 'workflows/index.ts'],
  },
];

describe('the source', () => {
  it.each(RESERVED)('holds $what in $files alone', ({ pattern, files }) => {
    expect(sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path)).toEqual(files);
  });

  it('has files of at most 300 lines', () => {
    expect(sources.filter(({ lines }) => lines > 300).map(({ path }) => path)).toEqual([]);
  });

  it('has kebab-case names', () => {
    const kebab = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/;
    expect(sources.map(({ path }) => path).filter((path) => !kebab.test(path))).toEqual([]);
  });

  it('has tests for every folder', () => {
    const tested = filesOf('test').filter((path) => path.endsWith('.test.ts'));
    const topFolders = [...new Set(folders.map((folder) => folder.split('/')[0] ?? ''))];
    expect(topFolders.filter((folder) => !tested.some((path) => path.startsWith(`${folder}/`)))).toEqual([]);
  });
});

function importedBy(folder: string): Set<string> {
  const files = sources.filter((file) => file.folder === folder);
  const targets = files.flatMap(({ imports }) => imports.filter(({ kind }) => kind === 'folder'));
  return new Set(targets.map(({ target }) => target).filter((target) => target !== folder));
}
