import type { RefusalReason } from '../contracts/journal.ts';

/** What a provider said instead of what it was asked for. */
export interface Said {
  message: string;
  reason?: RefusalReason;
  retryAfterMs?: number;
}

/**
 * A free call that brought nothing; nothing was bought or lost by it. `refused`: the provider answered something else;
 * `network`: it did not answer; `paused`: this machine slept, and nothing was sent.
 */
export class CallTrouble extends Error {
  override readonly name = 'CallTrouble';
  readonly kind: 'refused' | 'network' | 'paused';
  readonly said: Said;

  constructor(kind: CallTrouble['kind'], said: Said) {
    super(said.message);
    this.kind = kind;
    this.said = said;
  }
}
