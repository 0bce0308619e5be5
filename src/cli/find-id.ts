import type { Gleaner } from '../client/connect-gleaner.ts';
import { NAME_PATTERN, batchId } from '../contracts/ids.ts';

/** An id as people type it. */
export interface FoundId {
  id: string;
  isBatch: boolean;
}

const BATCH_ID = /^batch\/[^/]+$/;
const RETRY_ID = /^(batch\/[^/]+)\/retry\/\d+$/;

/** Whether it is the id of a retry, whose workflow is not that of its batch. */
export function isRetryId(text: string): boolean {
  return RETRY_ID.test(text);
}

/** Takes the id of a scrape or a batch, and a batch's bare name (`demo` for `batch/demo`) where no scrape has that id. */
export async function findId(gleaner: Gleaner, text: string): Promise<FoundId> {
  const [, retried] = RETRY_ID.exec(text) ?? [];
  if (retried !== undefined) return { id: retried, isBatch: true }; // it runs as its batch
  if (BATCH_ID.test(text)) return { id: text, isBatch: true };
  if (!NAME_PATTERN.test(text)) return { id: text, isBatch: false };
  const isScrape =
    (await gleaner.store.records.read(text)) !== undefined ||
    (await gleaner.store.journal.read(text, 1)) !== undefined ||
    (await runsAsScrape(gleaner, text));
  return isScrape ? { id: text, isBatch: false } : { id: batchId(text), isBatch: true };
}

/** A scrape that waits for a worker is known to Temporal alone; without a server nobody can tell. */
async function runsAsScrape(gleaner: Gleaner, id: string): Promise<boolean> {
  if (await gleaner.store.batches.readManifest(batchId(id))) return false;
  try {
    const { client } = await gleaner.temporal();
    await client.workflow.getHandle(id).describe();
    return true;
  } catch {
    return false;
  }
}
