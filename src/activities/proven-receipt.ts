import type { Receipt, Submission } from '../contracts/journal.ts';
import type { ActivityDeps } from './deps.ts';
import { failure } from './failure-table.ts';

/**
 * What the journal has of a purchase that a workflow's input speaks of, which anybody can type. Throws `InvalidInput` if there
 * is no receipt: a task is neither asked for nor written down as ours because somebody says so.
 */
export async function provenPurchase(
  deps: ActivityDeps,
  { scrapeId, n }: Receipt,
): Promise<Submission & { receipt: Receipt }> {
  const submission = await deps.store.journal.read(scrapeId, n);
  if (submission?.receipt) return { ...submission, receipt: submission.receipt };
  throw failure(
    'InvalidInput',
    `${scrapeId}: input.bought has a receipt of submission ${n}, and the journal has none. Start it without "bought"`,
    { final: true },
  );
}

/** Throws `InvalidInput` unless the journal shows that this very try was begun: only then there can be an answer to it. */
export async function assertBegun(
  deps: ActivityDeps,
  { scrapeId, n, try: attempt }: Pick<Receipt, 'scrapeId' | 'n' | 'try'>,
): Promise<void> {
  const intent = (await deps.store.journal.read(scrapeId, n))?.intent;
  if (intent && intent.try === attempt && !intent.withdrawn) return;
  throw failure(
    'InvalidInput',
    `${scrapeId}: input.bought has an answer to submission ${n}, which the journal shows as never begun. ` +
      `Start it without "bought"`,
    { final: true },
  );
}
