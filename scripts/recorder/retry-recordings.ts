import { prepareRetry } from '../../src/client/prepare-retry.ts';
import type { BatchInput } from '../../src/contracts/batch.ts';
import { batchId, batchScrapeId, partitionId, retryId } from '../../src/contracts/ids.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';
import { ended, recording } from './executions.ts';
import type { Execution, Recording } from './executions.ts';
import { until } from './system.ts';
import type { RecordingSystem } from './system.ts';

/** Batches whose scrapes without a result are bought once more; of the runs of an id the newest is the retry's. */
export const RETRY_RECORDINGS: readonly Recording[] = [
  recording(
    [
      'batch-retry-begun',
      'batch-retried',
      'partition-retried',
      'scrape-retried-after-failed',
      'scrape-retried-after-unknown',
    ],
    async (system) => {
      const [name, scraper] = ['to-retry', 'scrapellm/chatgpt'] as const;
      // One at a time, so that each prompt meets its own faults: the first fails twice, the second loses its answer.
      const steps = (['fail-job', 'fail-job', 'reset-after'] as const).map((fault) => ({ fault }));
      await system.control.script({ on: 'submit', steps });
      await batch(system, name, scraper, { window: 1 });
      return {
        'batch-retry-begun': await retry(system, name),
        // It runs under the batch's own id.
        'batch-retried': { workflowId: batchId(name) },
        'partition-retried': partitionOf(name),
        'scrape-retried-after-failed': scrapeOf(name, scraper, 1),
        'scrape-retried-after-unknown': scrapeOf(name, scraper, 2),
      };
    },
  ),
  recording(['partition-by-pages-retried', 'scrape-in-a-page-retried'], async (system) => {
    const [name, scraper] = ['pages-to-retry', 'dataforseo/google-images'] as const;
    const steps = [{ faults: ['rejected' as const], code: 40_501 }];
    for (const nth of [1, 2]) {
      await system.control.dataforseo.script({ on: 'task', keyword: promptOf(name, nth), steps });
    }
    await batch(system, name, scraper);
    await retry(system, name);
    return {
      'partition-by-pages-retried': partitionOf(name),
      'scrape-in-a-page-retried': scrapeOf(name, scraper, 1),
    };
  }),
];

async function batch(
  system: RecordingSystem,
  name: string,
  scraper: Scraper,
  input: Partial<BatchInput> = {},
): Promise<void> {
  await system.control.setKnobs({ durationMs: 200 });
  const prompts = [1, 2, 3].map((nth) => ({ id: itemId(nth), prompt: promptOf(name, nth) }));
  const whole: BatchInput = { name, prompts, scrapers: [scraper], ...input };
  await ended(await system.start('batchWorkflow', batchId(name), whole));
}

/** What `gleaner retry` does. */
async function retry(system: RecordingSystem, name: string): Promise<Execution> {
  const { store } = system;
  const id = batchId(name);
  const manifest = await until(() => store.batches.readManifest(id), `${id} has a manifest`);
  const record = await until(() => store.batches.readRecord(id), `${id} has ended`);
  const { plan, pages } = await prepareRetry(store, { manifest, record, n: 1 }, {});
  if (plan.total !== 2) throw new Error(`two of ${id} were to be retried, not ${plan.total}`);
  await store.retries.create(plan, pages);
  const handle = await system.start('batchWorkflow', retryId(id, 1), { name, retry: 1 });
  await ended(handle);
  return handle;
}

function itemId(nth: number): string {
  return `item-${nth}`;
}

function promptOf(name: string, nth: number): string {
  return `blue teapot (${name} ${nth})`;
}

function scrapeOf(name: string, scraper: Scraper, nth: number): Execution {
  return { workflowId: batchScrapeId(batchId(name), itemId(nth), scraper, 1) };
}

function partitionOf(name: string): Execution {
  return { workflowId: partitionId(batchId(name), 1) };
}
