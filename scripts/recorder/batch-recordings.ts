import type { BatchInput } from '../../src/contracts/batch.ts';
import { batchId, batchScrapeId, partitionId } from '../../src/contracts/ids.ts';
import { RAISE_CEILING_SIGNAL } from '../../src/contracts/messages.ts';
import { scrapersOf } from '../../src/contracts/scrapers.ts';
import { bought, ended, recording, reset } from './executions.ts';
import type { Execution, Recording } from './executions.ts';
import type { RecordingSystem } from './system.ts';

/** Enough for the events a scrape to count, few enough for a small file. */
const MANY = 20;
const FEW = 4;
const CREDITS_FOR_TWO = 7;

/** Every way in which a batch can go; each of its workflows leaves a history. */
export const BATCH_RECORDINGS: readonly Recording[] = [
  recording(['batch-done', 'partition-done', 'scrape-done-in-a-batch'], async (system) => {
    const handle = await begin(system, 'done', MANY);
    await ended(handle);
    return {
      'batch-done': handle,
      'partition-done': pageOf('done'),
      'scrape-done-in-a-batch': { workflowId: scrapeOf('done', 1) },
    };
  }),
  // Its history of 0.1.0 is of a batch whose pages gave no places back, and is not made so by later code.
  recording(['batch-of-many-pages'], async (system) => {
    const handle = await beginLong(system, 'many-pages');
    await ended(handle);
    return { 'batch-of-many-pages': handle };
  }),
  recording(['batch-with-places-given-back'], async (system) => {
    // One scrape of each of the first pages takes longer than all others.
    const steps = [{ fault: 'duration' as const, ms: 15_000 }];
    for (const scraper of ['chatgpt', 'grok', 'gemini', 'amazon_rufus']) {
      await system.control.script({ on: 'submit', scraper, steps });
    }
    const handle = await beginLong(system, 'given-back');
    await ended(handle);
    return { 'batch-with-places-given-back': handle };
  }),
  recording(
    [
      'batch-cancelled',
      'partition-cancelled',
      'batch-begun-again-after-cancel',
      'partition-begun-again-after-cancel',
    ],
    async (system) => {
      const name = 'cancelled';
      const handle = await begin(system, name, FEW, { window: 2 });
      await bought(system, scrapeOf(name, 1));
      await bought(system, scrapeOf(name, 2));
      await handle.cancel();
      await ended(handle);
      const page = await newestRun(system, pageOf(name));
      const again = await begin(system, name, FEW, { window: 2 });
      await ended(again);
      return {
        'batch-cancelled': { workflowId: handle.workflowId, runId: handle.firstExecutionRunId },
        'partition-cancelled': page,
        'batch-begun-again-after-cancel': { workflowId: again.workflowId, runId: again.firstExecutionRunId },
        'partition-begun-again-after-cancel': await newestRun(system, pageOf(name)),
      };
    },
  ),
  recording(['batch-over-ceiling', 'partition-over-ceiling'], async (system) => {
    const handle = await begin(system, 'over-ceiling', FEW, { maxCredits: CREDITS_FOR_TWO });
    await ended(handle);
    return { 'batch-over-ceiling': handle, 'partition-over-ceiling': pageOf('over-ceiling') };
  }),
  recording(['batch-ceiling-raised', 'partition-ceiling-raised'], async (system) => {
    const name = 'ceiling-raised';
    const handle = await begin(system, name, FEW, { maxCredits: CREDITS_FOR_TWO });
    // The other two wait for money.
    await bought(system, scrapeOf(name, 1));
    await bought(system, scrapeOf(name, 2));
    await handle.signal(RAISE_CEILING_SIGNAL, { maxCredits: 2 * CREDITS_FOR_TWO });
    await ended(handle);
    return { 'batch-ceiling-raised': handle, 'partition-ceiling-raised': pageOf(name) };
  }),
  recording(['batch-partition-reset', 'partition-reset'], async (system) => {
    const name = 'partition-reset';
    const handle = await begin(system, name, FEW);
    for (let i = 1; i <= FEW; i++) await bought(system, scrapeOf(name, i));
    const page = await reset(system, pageOf(name).workflowId);
    await ended(system.client.workflow.getHandle(page.workflowId, page.runId));
    await ended(handle);
    return { 'batch-partition-reset': handle, 'partition-reset': page };
  }),
  recording(['partition-reset-under-ceiling'], async (system) => {
    const name = 'reset-under-ceiling';
    const handle = await begin(system, name, FEW, { maxCredits: CREDITS_FOR_TWO, window: 1 });
    await bought(system, scrapeOf(name, 2));
    const page = await reset(system, pageOf(name).workflowId, 'last');
    await ended(system.client.workflow.getHandle(page.workflowId, page.runId));
    await ended(handle);
    return { 'partition-reset-under-ceiling': page };
  }),
  recording(['batch-reset'], async (system) => {
    const name = 'reset';
    const { workflowId } = await begin(system, name, FEW);
    for (let i = 1; i <= FEW; i++) await bought(system, scrapeOf(name, i));
    const run = await reset(system, workflowId);
    await ended(system.client.workflow.getHandle(workflowId, run.runId));
    return { 'batch-reset': run };
  }),
];

async function begin(
  system: RecordingSystem,
  name: string,
  prompts: number,
  input: Partial<BatchInput> = {},
) {
  await system.control.setKnobs({ durationMs: 2_400 });
  return system.start('batchWorkflow', batchId(name), {
    name,
    prompts: Array.from({ length: prompts }, (_, i) => ({
      id: itemId(i + 1),
      prompt: `best desk lamp (${name} ${i + 1})`,
    })),
    scrapers: ['scrapellm/chatgpt'],
    ...input,
  });
}

/** Prompts as long as they may be: seven pages of twelve scrapes, of which a window of 24 takes four at once. */
async function beginLong(system: RecordingSystem, name: string) {
  const text = '🪔'.repeat(3_900);
  await system.control.setKnobs({ durationMs: 2_400 });
  return system.start('batchWorkflow', batchId(name), {
    name,
    prompts: [1, 2].map((nth) => ({ id: itemId(nth), prompt: `${text} (${name} ${nth})` })),
    scrapers: scrapersOf('scrapellm'),
    samples: 6,
    window: 24,
  });
}

function itemId(nth: number): string {
  return `item-${nth}`;
}

function scrapeOf(name: string, nth: number): string {
  return batchScrapeId(batchId(name), itemId(nth), 'scrapellm/chatgpt', 1);
}

function pageOf(name: string): Execution {
  return { workflowId: partitionId(batchId(name), 1) };
}

/** Names the run that is the newest now, so that a later one does not take its place. */
async function newestRun({ client }: RecordingSystem, { workflowId }: Execution): Promise<Execution> {
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  return { workflowId, runId };
}
