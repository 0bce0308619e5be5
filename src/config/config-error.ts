import { formatProblems, type Problem } from '../contracts/schemas/problems.ts';

/** The environment or the config file cannot be used; the message lists every problem, one a line, and no secret. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems).join('\n'));
    this.problems = problems;
  }
}
