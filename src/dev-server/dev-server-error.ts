import type { Attempt } from './attempt.ts';

/** What kept us from a Temporal server; the message says it to the user, with what to do. */
export type DevServerErrorKind = 'no-cli' | 'start-failed' | 'unreachable' | 'bad-profile' | 'locked';

export class DevServerError extends Error {
  override readonly name = 'DevServerError';
  readonly kind: DevServerErrorKind;
  /** With `no-cli`: every place that was looked in, in order. */
  readonly tried: Attempt[];

  constructor(
    kind: DevServerErrorKind,
    message: string,
    options: { cause?: unknown; tried?: Attempt[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.tried = options.tried ?? [];
  }
}
