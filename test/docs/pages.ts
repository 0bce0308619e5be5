import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Page {
  /** From the top of the repository, such as `docs/guide.md`. */
  path: string;
  text: string;
}

/** Every page that we write for people. */
export const PAGES: Page[] = readPages();

/** Reads a file of the repository. */
export function read(path: string): string {
  return readFileSync(`${ROOT}/${path}`, 'utf8');
}

export function pageOf(path: string): Page {
  const page = PAGES.find((candidate) => candidate.path === path);
  if (!page) throw new Error(`there is no page ${path}`);
  return page;
}

/** The rows of the table that follows `heading`, without its header; cells without blanks and backticks. */
export function tableAfter(page: Page, heading: string): string[][] {
  const start = page.text.indexOf(`${heading}\n`);
  if (start < 0) throw new Error(`${page.path} has no "${heading}"`);
  const rest = page.text.slice(start + heading.length).split('\n');
  const first = rest.findIndex((line) => line.startsWith('|'));
  const length = rest.slice(first).findIndex((line) => !line.startsWith('|'));
  return rest.slice(first + 2, first + length).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}

/** Everything in backticks and in code blocks, a line each, with continued lines joined. */
export function codeLines({ text }: Page): string[] {
  const blocks = [...text.matchAll(/^```[a-z]*\n(.*?)^```/gms)].map(([, block = '']) => block);
  const inline = [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`]+)`/g)].map(
    ([, code = '']) => code,
  );
  return [...blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n')), ...inline.map(joined)];
}

function joined(code: string): string {
  return code.replaceAll(/\s*\n\s*/g, ' ');
}

function readPages(): Page[] {
  return [...filesIn('', false), ...filesIn('docs/', true), ...filesIn('examples/', false)]
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => ({ path, text: read(path) }));
}

function filesIn(folder: string, recursive: boolean): string[] {
  const names = readdirSync(`${ROOT}/${folder}`, { recursive, encoding: 'utf8' });
  return names.map((name) => `${folder}${name}`);
}
