import { CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { GleanerError } from '../client/gleaner-error.ts';
import { isOutage } from '../client/temporal.ts';
import { DevServerError } from '../dev-server/dev-server-error.ts';
import { formatProblems } from '../contracts/schemas/problems.ts';
import { StoreError } from '../store/store-error.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { TERMINAL } from './terminal.ts';

/** Says what went wrong in one line (or one a problem), and returns the exit code. The stack is for `--debug`. */
export function reportError(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
  const { lines, exitCode } = explain(error);
  const [first = 'unknown', ...rest] = lines;
  if (rest.length === 0) TERMINAL.say(`error: ${first}`);
  else ['error:', first, ...rest].forEach((line, i) => TERMINAL.say(i === 0 ? line : `  ${line}`));
  if (debug && error instanceof Error) TERMINAL.say(error.stack ?? '');
  return exitCode;
}

function explain(error: unknown): { lines: string[]; exitCode: number } {
  if (error instanceof CliError) return { lines: error.message.split('\n'), exitCode: error.exitCode };
  if (error instanceof GleanerError && error.kind === 'invalid-input') {
    const lines = error.problems.length > 0 ? formatProblems(error.problems) : [error.message];
    return { lines: [...lines, 'Nothing was bought.'], exitCode: EXIT.usage };
  }
  if (error instanceof GleanerError || error instanceof StoreError) {
    return { lines: [error.message], exitCode: EXIT.error };
  }
  if (error instanceof ConfigError) return { lines: formatProblems(error.problems), exitCode: EXIT.error };
  if (error instanceof DevServerError) return { lines: error.message.split('\n'), exitCode: EXIT.error };
  if (isOutage(error)) {
    const message =
      'the Temporal server stopped answering; what runs there goes on. Try again, or "gleaner up"';
    return { lines: [message], exitCode: EXIT.error };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { lines: [`${message.split('\n')[0]} (run again with --debug for details)`], exitCode: EXIT.error };
}
