import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import { answerTo } from '../../scripts/usage.ts';

const SOURCE = `/**
 * Measures something, as npx would not.
 *
 *   npx tsx bench/lamps.ts [--scrapes 10]
 *     [--json]
 *
 * More about it.
 */
import 'somewhere';
`;
const USAGE = 'usage:\n  npx tsx bench/lamps.ts [--scrapes 10]\n    [--json]';
const read = (args: string[]) => () =>
  parseArgs({ args, options: { scrapes: { type: 'string', default: '10' } } }).values;

const never = (): never => {
  throw new Error('it was read');
};

describe('the options of a script', () => {
  it('are read if they can be', () => {
    const args = ['--scrapes', '7'];
    expect(answerTo(args, SOURCE, read(args))).toMatchObject({ kind: 'options', options: { scrapes: '7' } });
  });

  it('end it with one line and how it is called if they are wrong', () => {
    const args = ['--lamps'];
    const answer = answerTo(args, SOURCE, read(args));
    expect(answer).toMatchObject({ kind: 'end', exitCode: 2 });
    const [first, ...rest] = 'text' in answer ? answer.text.split('\n') : [];
    expect(first).toMatch(/^error: .*--lamps/);
    expect(rest.join('\n')).toBe(USAGE);
  });

  it.each(['--help', '-h'])('end it well with %s, which nothing else is done for', (arg) => {
    expect(answerTo([arg], SOURCE, never)).toEqual({ kind: 'end', text: USAGE, exitCode: 0 });
  });
});

const ROOT = new URL('../../', import.meta.url);
const SCRIPTS = [
  'scripts/chaos.ts',
  ...readdirSync(new URL('bench/', ROOT))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `bench/${name}`),
];

it.each(SCRIPTS)('%s says how it is called', (script) => {
  const source = readFileSync(new URL(script, ROOT), 'utf8');
  expect(source).toContain('optionsOrUsage(import.meta.url');
  const answer = answerTo(['--help'], source, () => undefined);
  expect('text' in answer ? answer.text : '').toMatch(new RegExp(`^usage:\\n +np.*(${script}|chaos)`));
});
