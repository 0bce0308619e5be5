import type { FamilyName, Variant } from './families.ts';
import type { Task } from './task.ts';

/** A call of the vendor's to an address of the client's, and what came of it. */
export interface CallbackAttempt {
  id: string;
  kind: 'pingback' | 'postback';
  atMs: number;
  ok: boolean;
  /** 0: no answer. */
  httpCode: number;
  httpTimeMs: number;
  url: string;
  response: string;
}

/** Tasks that somebody else posted on the same account; they are made of this and nothing else. */
export interface ForeignPost {
  login: string;
  family: FamilyName;
  count: number;
  atMs: number;
  /** From the POST to the end. */
  durationMs: number;
  inFront: boolean;
  tagPrefix: string;
  /** Six hexadecimal digits that make the ids new. */
  salt: string;
}

/** Everything that changes what the simulated DataForSEO owes or remembers; its state is these events in order. */
export type DataForSeoEvent =
  | { type: 'funded'; login: string; micros: number }
  | { type: 'posted'; tasks: Task[] }
  | { type: 'foreign'; post: ForeignPost }
  /** Control made these tasks end. */
  | { type: 'finished'; ids: string[]; atMs: number }
  /** A GET was told the end of the task; `collects`: it left the ready lists. */
  | { type: 'fetched'; id: string; variant: Variant; atMs: number; collects: boolean }
  | { type: 'called-back'; attempt: CallbackAttempt }
  /** Nothing was sent, and the vendor believes that it was. */
  | { type: 'callback-skipped'; id: string }
  /** The vendor parsed the task again. */
  | { type: 'fixed'; id: string; atMs: number };
