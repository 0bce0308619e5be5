import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeLines, PAGES, pageOf, ROOT } from './pages.ts';
import type { Page } from './pages.ts';

describe('the pages', () => {
  it('are found at all', () => {
    const paths = PAGES.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'docs/guide.md', 'examples/README.md']));
    expect(linksOf(pageOf('README.md')).length).toBeGreaterThan(10);
  });

  it.each(PAGES)('$path links to what exists, headings included', (page) => {
    const broken = linksOf(page).filter((link) => !resolves(page, link));
    expect(broken).toEqual([]);
  });

  it.each(PAGES)('$path names files of ours that exist', (page) => {
    const named = codeLines(page).flatMap((line) => line.match(PATHS) ?? []);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it.each(PAGES)('$path is of this project and of no machine', (page) => {
    expect(page.text).not.toMatch(/(?<![\w$])\/(?:tmp|root|home)\//);
  });

  it('have a picture of a size that loads', () => {
    expect(statSync(join(ROOT, 'docs/images/report.png')).size).toBeLessThan(300_000);
  });
});

/** What looks like a path of the repository. */
const PATHS = /(?<![\w./-])(?:src|test|bench|scripts|examples|docs)\/[\w./-]*[\w]/g;

function linksOf({ text }: Page): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target));
}

function resolves(page: Page, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || headingsOf(pageOf(path)).includes(anchor);
}

/** Anchors as GitHub makes them. */
function headingsOf({ text }: Page): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
