import type { WorkflowHandleWithStartDetails } from '@temporalio/client';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { ScrapeInput, ScrapeRecord } from '../../src/contracts/scrape.ts';
import type { LedgerJob } from '../../src/simulator/ledger.ts';
import type { TestSystem } from './system.ts';

/** A prompt nobody else uses, so that the simulator's ledger can be asked for it. */
export function uniquePrompt(topic = 'desk lamp'): string {
  return `best ${topic} for a small room, question ${Math.random().toString(36).slice(2)}`;
}

export async function start(
  system: TestSystem,
  input: Partial<ScrapeInput> & { prompt: string },
  workflowId = system.newId(),
): Promise<WorkflowHandleWithStartDetails> {
  return system.client.workflow.start('scrapeWorkflow', {
    taskQueue: 'gleaner',
    workflowId,
    args: [{ scraper: 'scrapellm/chatgpt', ...input }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

/** How a scrape's workflow ended: its result, or the failure's type, message and record. */
export async function ending(handle: {
  result(): Promise<unknown>;
}): Promise<{ type: string; message: string; record: ScrapeRecord | undefined }> {
  try {
    const record = (await handle.result()) as ScrapeRecord;
    return { type: 'completed', message: '', record };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (!(cause instanceof ApplicationFailure)) {
      return { type: cause?.name ?? 'unknown', message: cause?.message ?? '', record: undefined };
    }
    return {
      type: cause.type ?? '',
      message: cause.message,
      record: cause.details?.[0] as ScrapeRecord | undefined,
    };
  }
}

/** The jobs that the provider really made for a prompt. */
export async function jobsOf(system: Pick<TestSystem, 'control'>, prompt: string): Promise<LedgerJob[]> {
  return (await system.control.ledger(prompt)).jobs;
}

/** Waits for a condition with a deadline instead of sleeping. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  what: string,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The last failure of the pending activity, as the Temporal UI shows it. */
export async function pendingFailure(system: TestSystem, workflowId: string): Promise<string | undefined> {
  const { raw } = await system.client.workflow.getHandle(workflowId).describe();
  const failure = raw.pendingActivities?.[0]?.lastFailure;
  return failure ? `${failure.applicationFailureInfo?.type}: ${failure.message}` : undefined;
}

export async function eventsOf(system: Pick<TestSystem, 'client'>, workflowId: string): Promise<string[]> {
  const { events } = await system.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).map(
    (event) => Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '',
  );
}
