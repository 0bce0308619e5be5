import type { BatchInput } from '../../src/contracts/batch.ts';
import { batchId, batchScrapeId, collectorId, partitionId } from '../../src/contracts/ids.ts';
import type { CallStep } from '../../src/simulator/dataforseo/faults.ts';
import { ended, recording } from './executions.ts';
import type { Execution, Recording } from './executions.ts';
import { until } from './system.ts';
import type { RecordingSystem } from './system.ts';

const SCRAPER = 'dataforseo/google-images';
/** Enough for the events a scrape to count, few enough for a small file. */
const MANY = 20;
const FEW = 4;

/** Every way in which scrapes that are bought in one call can go. */
export const PAGE_RECORDINGS: readonly Recording[] = [
  recording(['partition-by-pages', 'scrape-bought-in-a-page'], async (system) => {
    await ended(await begin(system, 'pages', MANY));
    return { 'partition-by-pages': pageOf('pages'), 'scrape-bought-in-a-page': scrapeOf('pages', 1) };
  }),
  recording(['partition-by-pages-in-a-small-window'], async (system) => {
    await ended(await begin(system, 'small-pages', 10, { window: FEW }));
    return { 'partition-by-pages-in-a-small-window': pageOf('small-pages') };
  }),
  recording(['partition-by-pages-cancelled'], async (system) => {
    const name = 'pages-cancelled';
    await posts(
      system,
      Array.from({ length: 30 }, () => ({ fault: 'root-error' as const, code: 40_202 })),
    );
    const handle = await begin(system, name, FEW);
    const { workflowId } = scrapeOf(name, 1);
    const refused = async (): Promise<unknown> => (await system.store.journal.read(workflowId, 1))?.refused;
    await until(refused, 'the page is refused once');
    await handle.cancel();
    await ended(handle);
    await posts(system, []);
    return { 'partition-by-pages-cancelled': pageOf(name) };
  }),
  recording(['scrape-refused-in-a-page'], async (system) => {
    const name = 'page-refused';
    const steps = [{ faults: ['rejected' as const], code: 40_501 }];
    await system.control.dataforseo.script({ on: 'task', keyword: promptOf(name, 1), steps });
    await ended(await begin(system, name, FEW));
    return { 'scrape-refused-in-a-page': scrapeOf(name, 1) };
  }),
  recording(['scrape-unknown-in-a-page'], async (system) => {
    await posts(system, [{ fault: 'drop-after' }]);
    await ended(await begin(system, 'page-unknown', FEW));
    return { 'scrape-unknown-in-a-page': scrapeOf('page-unknown', 1) };
  }),
  recording(['scrape-in-a-page-journalled-late'], async (system) => {
    system.lostReceipts.count = FEW;
    await ended(await begin(system, 'page-late', FEW));
    return { 'scrape-in-a-page-journalled-late': scrapeOf('page-late', 1) };
  }),
  recording(['collector-open'], async (system) => {
    await posts(system, [{ fault: 'drop-after' }]); // so that it searches too
    await ended(await begin(system, 'collected', FEW));
    return { 'collector-open': { workflowId: collectorId('dataforseo', 'simulator') } };
  }),
];

function begin(system: RecordingSystem, name: string, prompts: number, input: Partial<BatchInput> = {}) {
  return system.start('batchWorkflow', batchId(name), {
    name,
    prompts: Array.from({ length: prompts }, (_, i) => ({
      id: itemId(i + 1),
      prompt: promptOf(name, i + 1),
    })),
    scrapers: [SCRAPER],
    ...input,
  });
}

function posts({ control }: RecordingSystem, steps: CallStep[]): Promise<unknown> {
  return control.dataforseo.script({ on: 'call', call: 'task_post', steps });
}

function itemId(nth: number): string {
  return `item-${nth}`;
}

function promptOf(name: string, nth: number): string {
  return `red kettle (${name} ${nth})`;
}

function scrapeOf(name: string, nth: number): Execution {
  return { workflowId: batchScrapeId(batchId(name), itemId(nth), SCRAPER, 1) };
}

function pageOf(name: string): Execution {
  return { workflowId: partitionId(batchId(name), 1) };
}
