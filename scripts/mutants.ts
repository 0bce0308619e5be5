/**
 * Takes one guard out at a time, in a copy, and runs the tests that must see it: proof that they do. Writes the table in
 * docs/proof-of-tests.md, and exits with 1 if a guard could be removed and nothing went red.
 *
 *   npm run mutants -- [--only WORDS] [--write]
 */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { GUARDS } from './mutants/guards.ts';
import type { Guard } from './mutants/guards.ts';
import { MONEY_GUARDS } from './mutants/money-guards.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs/proof-of-tests.md');
const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, write: { type: 'boolean', default: false } },
});

/** What vitest's JSON reporter says, as far as it is read here. */
const resultSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

const copy = await mkdtemp(join(tmpdir(), 'gleaner-mutants-'));
await chmod(copy, 0o755); // a test reads it as another user
try {
  for (const name of [
    'src',
    'test',
    'bench',
    'scripts',
    'docs',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ])
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const guards = [...GUARDS, ...MONEY_GUARDS].filter(({ name }) => name.includes(options.only));
  const all = await redOf([...new Set(guards.flatMap(({ tests }) => tests))]);
  if (all.length > 0) throw new Error(`red with every guard in place: ${all.join('; ')}`);
  const rows: Row[] = [];
  for (const guard of guards) {
    const red = await without(guard);
    rows.push({ guard, red });
    console.log(`${red.length > 0 ? 'seen   ' : 'NOT SEEN'} ${guard.name}: ${red.length} red`);
    for (const title of red.slice(0, 3)) console.log(`         ${title}`);
  }
  if (options.write && options.only === '') await writeFile(PAGE, pageOf(rows));
  process.exitCode = rows.every(({ red }) => red.length > 0) ? 0 : 1;
} finally {
  await rm(copy, { recursive: true, force: true });
}

interface Row {
  guard: Guard;
  red: string[];
}

/** Titles of the tests that go red without the guard. */
async function without({ name, file, from, to, tests }: Guard): Promise<string[]> {
  const path = join(copy, file);
  const source = await readFile(path, 'utf8');
  const times = source.split(from).length - 1;
  if (times !== 1) throw new Error(`"${name}" does not apply: its text stands ${times} times in ${file}`);
  await writeFile(
    path,
    source.replace(from, () => to),
  );
  try {
    return await redOf(tests);
  } finally {
    await writeFile(path, source);
  }
}

/** Runs tests in the copy; the titles of those that fail, or the files that could not run at all. */
async function redOf(tests: readonly string[]): Promise<string[]> {
  const output = join(copy, 'results.json');
  await rm(output, { force: true });
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--testTimeout=60000', '--reporter=json', `--outputFile=${output}`, ...tests];
  await promisify(execFile)(process.execPath, args, { cwd: copy, maxBuffer: 1 << 28 }).catch(() => undefined);
  const { testResults } = resultSchema.parse(JSON.parse(await readFile(output, 'utf8')));
  const ran = testResults.map(({ name }) => name.replace(`${copy}/`, ''));
  const missing = tests.filter((test) => !ran.includes(test));
  if (missing.length > 0) throw new Error(`there is no such test: ${missing.join(', ')}`);
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((each) => each.status === 'failed');
    // A busy machine is no proof of anything.
    const red = failed
      .filter(({ failureMessages }) => !failureMessages.join().includes('timed out in'))
      .map(({ fullName }) => fullName);
    return failed.length === 0 && status === 'failed' ? [`${name.replace(`${copy}/`, '')} as a whole`] : red;
  });
}

function pageOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ guard: { name, without, file }, red }) =>
      `| ${name} | \`${file}\` | ${without} | ${red.length} | ${(red[0] ?? '**nothing**').replaceAll('|', '/')} |`,
  );
  return `# Proof that the tests see

\`npm run mutants -- --write\` made this page. It takes one guard out of a copy of the source, runs the tests named for it in
\`scripts/mutants\`, and counts those that go red. A guard whose removal turns nothing red has no test, and the
command fails; so does a patch whose text is not in its file exactly once any more. Whatever else would see it (the kill
tests, the campaign of \`npm run chaos\`) is not run here.

| guard | in | without it | red | such as |
|---|---|---|---|---|
${lines.join('\n')}
`;
}
