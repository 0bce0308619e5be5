/** The contract with scripts: 0 good, 1 error, 2 usage, 3 some scrapes did not succeed, or an audit found something. */
export const EXIT = { good: 0, error: 1, usage: 2, notAllSucceeded: 3 } as const;

/** Ends the command with a message and an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.error) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage);
}
