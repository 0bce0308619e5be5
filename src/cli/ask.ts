import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Asks on the terminal; anything but y or yes is no, Ctrl-C and Ctrl-D too. */
export async function askYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = once(terminal, 'close').then(() => '');
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
