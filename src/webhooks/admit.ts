import type { CallbackKind } from '../contracts/callbacks.ts';
import type { Store } from '../store/store.ts';
import type { CallbackUrls } from './callback-urls.ts';

/** What an address says that was called. */
export interface CallbackCall {
  kind: CallbackKind;
  tag: string;
  token: string;
  taskId: string;
}

export type Admission =
  /** Nothing is changed by the call. */
  | { kind: 'refused'; status: 400 | 404 | 409; message: string }
  /** The submission has ended: the call is right and comes too late to be of use. */
  | { kind: 'settled' }
  /** The submission may be waiting for this task; `isLate`: it was taken for one that was never bought. */
  | { kind: 'open'; scrapeId: string; n: number; isLate: boolean };

/**
 * Decides what a call is worth before a byte of its body is read. The token is looked at first, so that nobody but who was
 * given the address makes us read a file. Throws `StoreError`.
 */
export async function admit(store: Store, urls: CallbackUrls, call: CallbackCall): Promise<Admission> {
  const { tag, token, taskId } = call;
  if (!urls.isToken(tag, token)) return NO_SUCH_ADDRESS;
  if (!TASK_ID.test(taskId)) return NO_TASK_ID;
  const submission = await store.journal.findByTag(tag);
  if (!submission) return NO_SUCH_ADDRESS;
  const { scrapeId, n, receipt, unknown, verdict } = submission;
  if (verdict) return { kind: 'settled' };
  if (receipt && receipt.taskId !== taskId) {
    return { kind: 'refused', status: 409, message: 'the id is that of another task' };
  }
  return { kind: 'open', scrapeId, n, isLate: unknown?.absent === true && !receipt };
}

/**
 * Takes away again what came while its submission ended, and says whether it did: a body may take as long as a look.
 * Whoever writes a verdict takes away what is there after it, so one of the two always sees the other. Throws `StoreError`.
 */
export async function forgetSettled(
  { journal, postbacks }: Store,
  { tag }: CallbackCall,
  { scrapeId, n }: { scrapeId: string; n: number },
): Promise<boolean> {
  if (!(await journal.readVerdict(scrapeId, n))) return false;
  await postbacks.clear(tag);
  return true;
}

/** What everybody is told who does not know an address; `gleaner doctor` knows a receiver by it. */
export const NO_SUCH_ADDRESS = { kind: 'refused', status: 404, message: 'no such address' } as const;

/** What is told who knows a signed address and calls it without a task's id. */
export const NO_TASK_ID = { kind: 'refused', status: 400, message: 'id must be a task id' } as const;

/** It becomes part of a file's name. Providers' ids are longer than 16 characters; the store takes names of up to 200. */
const TASK_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
