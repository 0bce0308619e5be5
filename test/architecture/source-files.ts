import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to `src/`. */
  path: string;
  folder: string;
  lines: number;
  /** Without comments. */
  code: string;
  imports: Import[];
}

export interface Import {
  /** A folder of `src/`, or a package (`node:` for all of Node's own). */
  target: string;
  kind: 'folder' | 'package';
  typeOnly: boolean;
}

/** Every file of `src/`, with what it imports; a regular expression is enough for code that oxfmt has laid out. */
export function readSources(): SourceFile[] {
  return filesOf('src')
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const text = readFileSync(join(ROOT, 'src', path), 'utf8');
      const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
      const lines = text.split('\n').length - 1;
      return { path, folder: folderOf(path), lines, code, imports: importsOf(path, code) };
    });
}

/** Paths below a folder of the repository, relative to it. */
export function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(ROOT, folder).length + 1));
}

/** The part of `src/` that a rule is about: its folder, or the schemas, which are kept apart from the other contracts. */
function folderOf(path: string): string {
  return path.startsWith('contracts/schemas/') ? 'contracts/schemas' : (path.split('/')[0] ?? '');
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(?<type>type\s)?[^;'"]*?from\s+'(?<from>[^']+)'|import\(\s*'(?<dynamic>[^']+)'|(?:^|\n)\s*import\s+'(?<bare>[^']+)'/g;

function importsOf(path: string, code: string): Import[] {
  return [...code.matchAll(IMPORT)].map(({ groups = {} }) => {
    const from = groups['from'] ?? groups['dynamic'] ?? groups['bare'] ?? '';
    const typeOnly = groups['type'] !== undefined;
    if (!from.startsWith('.')) return { target: packageOf(from), kind: 'package', typeOnly };
    return { target: folderOf(normalize(join(dirname(path), from))), kind: 'folder', typeOnly };
  });
}

function packageOf(from: string): string {
  if (from.startsWith('node:')) return 'node:';
  return from.split('/', from.startsWith('@') ? 2 : 1).join('/');
}
