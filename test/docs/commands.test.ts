import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { environmentSchema } from '../../src/config/environment.ts';
import { parseBatchInput } from '../../src/contracts/schemas/batch-input.ts';
import { parseScrapeInput } from '../../src/contracts/schemas/scrape-input.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { codeLines, PAGES, pageOf, read, ROOT, tableAfter } from './pages.ts';

const commands = await loadCommands();
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe('the commands', () => {
  it('are those that main.ts puts together', () => {
    const inMain = read('src/cli/main.ts').match(/\w+(?=Command\(\))/g);
    expect([...commands.keys()].sort()).toEqual([...(inMain ?? [])].sort());
  });

  it.each(PAGES)('that $path shows exist, with their options', (page) => {
    const shown = codeLines(page).flatMap(invocationsOf);
    expect(shown.filter((one) => !isKnown(one))).toEqual([]);
  });

  it.each(PAGES)('have the options that $path names alone', (page) => {
    const named = codeLines(page).flatMap((line) => /^--[a-z][a-z-]*/.exec(line) ?? []);
    const known = [...commands.values()].flatMap(({ options }) => options.map(({ long }) => long));
    expect(
      named.filter((option) => !known.includes(option) && !OTHERS.includes(option) && !isOfBench(option)),
    ).toEqual([]);
  });

  it('are all shown to users', () => {
    const shown = PAGES.flatMap(codeLines).flatMap(invocationsOf);
    const names = new Set(shown.map(({ name }) => name));
    expect([...commands.keys()].filter((name) => !names.has(name) && name !== 'demo')).toEqual([]);
  });

  it('read the shape that they are compared with', () => {
    expect(invocationsOf('$ npm run --silent gleaner -- report lamps -o a.html > log')).toEqual([
      { name: 'report', options: ['-o'] },
    ]);
    expect(invocationsOf('gleaner batch a.csv --scrapers x --no-such')).toEqual([
      { name: 'batch', options: ['--scrapers', '--no-such'] },
    ]);
    expect(isKnown({ name: 'batch', options: ['--scrapers'] })).toBe(true);
    expect(isKnown({ name: 'batch', options: ['--no-such'] })).toBe(false);
    expect(isKnown({ name: 'bach', options: [] })).toBe(false);
  });

  it('end with the exit codes of the guide', () => {
    const codes = tableAfter(pageOf('docs/guide.md'), '## Scripts and CI').map(([code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });
});

describe('npm scripts', () => {
  it.each(PAGES)('that $path names exist', (page) => {
    const named = codeLines(page).flatMap((line) =>
      [...line.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it("include the README's command for the tests, which is what CI runs", () => {
    expect(read('README.md')).toContain('npm ci && npm run verify');
    expect(read('.ci/run')).toMatch(/npm ci .*&& npm run verify/);
  });
});

describe('environment variables', () => {
  // Read by the SDK, and by the search for a CLI.
  const temporal = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_CLI_PATH'];
  const known = [...Object.keys(environmentSchema.shape), ...temporal];
  // Read by compose from the shell that calls it.
  const ofCompose = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);

  it.each(PAGES)('that $path names are read', (page) => {
    const named = page.text.match(/\b(?:GLEANER|SCRAPELLM|DATAFORSEO|TEMPORAL)_[A-Z][A-Z_]*\b/g) ?? [];
    expect([...new Set(named)].filter((name) => ![...known, ...ofCompose].includes(name))).toEqual([]);
  });

  it('are all in the table of operations', () => {
    const cells = tableAfter(pageOf('docs/operations.md'), '## Environment').map(([cell = '']) => cell);
    expect(
      known.filter(
        (name) =>
          !cells
            .join(' ')
            .split(/[\s,]+/)
            .includes(name),
      ),
    ).toEqual([]);
  });
});

describe('inputs of workflows', () => {
  const shown = PAGES.flatMap((page) => codeLines(page).map((line) => ({ page: page.path, line }))).flatMap(
    ({ page, line }) => {
      const [, type] = /--type (\w+)/.exec(line) ?? [];
      const [, json] = /--input '([^']*)'/.exec(line) ?? [];
      return type && json ? [{ page, type, json }] : [];
    },
  );

  it('are shown', () => expect(shown.length).toBeGreaterThan(3));

  it.each(shown)('$page: $type is valid', ({ type, json }) => {
    const input = JSON.parse(json) as Record<string, unknown>;
    // A batch that is started by hand may be named by its workflow id instead.
    const parsed =
      type === 'batchWorkflow' ? parseBatchInput({ name: 'x', ...input }) : parseScrapeInput(input);
    expect(parsed).toMatchObject({ ok: true });
  });
});

/** Options of the commands in bench/, which read their own. */
function isOfBench(option: string): boolean {
  const files = readdirSync(`${ROOT}/bench`, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.some((file) => new RegExp(`['"]?${option.slice(2)}['"]?: \\{`).test(read(`bench/${file}`)));
}

/** Options of `temporal`, `pip` and `docker compose` that pages name without their command. */
const OTHERS = ['--address', '--task-queue', '--type', '--workflow-id', '--require-hashes', '--profile'];

interface Invocation {
  name: string;
  options: string[];
}

/** `gleaner <command> … --option` in a line, also behind a prompt, a variable or npm. */
function invocationsOf(line: string): Invocation[] {
  const commandsOf = line.split(/\s(?:#|&&|\|)\s|\s>\s|;/);
  return commandsOf.flatMap((part) => {
    const found = /(?:^|\$ |npx |[A-Z]=\S+ |npm run (?:--silent )?)gleaner (?:-- )?([a-z]+)(.*)$/.exec(
      part.trim(),
    );
    if (!found?.[1]) return [];
    return [{ name: found[1], options: found[2]?.match(/(?<=\s)--?[a-z][a-z-]*/g) ?? [] }];
  });
}

function isKnown({ name, options }: Invocation): boolean {
  const known = commands.get(name)?.options.flatMap(({ long, short }) => [long, short]);
  return known !== undefined && options.every((option) => known.includes(option));
}

/** Every command by its name; main.ts itself would run one. */
async function loadCommands(): Promise<Map<string, Command>> {
  const files = readdirSync(`${ROOT}/src/cli`).filter((file) => file.endsWith('.ts') && file !== 'main.ts');
  const found = new Map<string, Command>();
  for (const file of files) {
    const module = (await import(pathToFileURL(`${ROOT}/src/cli/${file}`).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module)) {
      if (!name.endsWith('Command') || typeof value !== 'function') continue;
      const command: unknown = value();
      if (command instanceof Command) found.set(command.name(), command);
    }
  }
  return found;
}
