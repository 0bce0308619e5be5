import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The options of a script, or its end: `--help` prints how it is called, and what cannot be read one line that says why and
 * the same. How it is called is in the comment at its top, the lines from `npx` or `npm` on.
 */
export function optionsOrUsage<T>(scriptUrl: string, read: () => T, args = process.argv.slice(2)): T {
  const answer = answerTo(args, readFileSync(fileURLToPath(scriptUrl), 'utf8'), read);
  if (answer.kind === 'options') return answer.options;
  (answer.exitCode === 0 ? console.log : console.error)(answer.text);
  return process.exit(answer.exitCode);
}

type Answer<T> = { kind: 'options'; options: T } | { kind: 'end'; text: string; exitCode: number };

/** Decides between the two; `source` is the text of the script. */
export function answerTo<T>(args: readonly string[], source: string, read: () => T): Answer<T> {
  const usage = usageIn(source);
  if (args.some((arg) => arg === '--help' || arg === '-h')) return { kind: 'end', text: usage, exitCode: 0 };
  try {
    return { kind: 'options', options: read() };
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { kind: 'end', text: `error: ${why}\n${usage}`, exitCode: 2 };
  }
}

/** The command in the comment, with the lines that go on with it. */
function usageIn(source: string): string {
  const [comment = ''] = source.split('*/');
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, ''));
  const first = lines.findIndex((line) => /^ +(npx|npm) /.test(line));
  const length = lines.slice(first).findIndex((line) => line.trim() === '');
  return ['usage:', ...lines.slice(first, length < 0 ? undefined : first + length)].join('\n').trimEnd();
}
