import { formatProblems, type Problem } from '../contracts/schemas/problems.ts';

export type GleanerErrorKind =
  /** What was given cannot be bought; `problems` names every field. */
  | 'invalid-input'
  /** The id or name stands for something else already. */
  | 'conflict'
  /** Nothing has this id, neither in Temporal nor in the store. */
  | 'not-found'
  /** A scrape's result is not there in the form that was asked for. */
  | 'no-variant'
  /** Temporal cannot be reached. */
  | 'no-server'
  /** This namespace works with another store. */
  | 'wrong-store'
  /** The workflow was ended from outside, without an outcome. */
  | 'ended';

/** What the client could not do; the message says what happened and what to do. Nothing was bought by the call that threw it. */
export class GleanerError extends Error {
  override readonly name = 'GleanerError';
  readonly kind: GleanerErrorKind;
  /** With `invalid-input`: every single problem. */
  readonly problems: readonly Problem[];

  constructor(
    kind: GleanerErrorKind,
    message: string,
    options: { problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.problems = options.problems ?? [];
  }
}

/** All problems of an input in one error. */
export function invalidInput(problems: readonly Problem[]): GleanerError {
  return new GleanerError('invalid-input', formatProblems(problems).join('\n'), { problems });
}
