import type { BatchInput } from '../../src/contracts/batch.ts';
import { batchId, batchScrapeId } from '../../src/contracts/ids.ts';
import type { TaskFault } from '../../src/simulator/dataforseo/faults.ts';
import { ended, recording } from './executions.ts';
import type { Execution, Recording } from './executions.ts';
import type { RecordingSystem } from './system.ts';

const SCRAPER = 'dataforseo/google-organic';

/** Every way in which a scrape is told that its result is there: by a list that is read for all, or by the result itself. */
export const TOLD_RECORDINGS: readonly Recording[] = [
  recording(['scrape-done-by-collector'], async (system) => {
    return { 'scrape-done-by-collector': await scrape(system, 'listed') };
  }),
  recording(['scrape-done-by-post'], async (system) => {
    return { 'scrape-done-by-post': await system.whilePosting(() => scrape(system, 'posted')) };
  }),
  recording(['scrape-done-after-an-unreadable-post'], async (system) => {
    const name = 'unreadable';
    await fault(system, name, 'postback-not-json');
    return {
      'scrape-done-after-an-unreadable-post': await system.whilePosting(() => scrape(system, name)),
    };
  }),
  recording(['scrape-in-a-page-done-by-post'], async (system) => {
    const name = 'posted-page';
    const input: BatchInput = {
      name,
      prompts: [1, 2].map((nth) => ({ id: `item-${nth}`, prompt: promptOf(`${name} ${nth}`) })),
      scrapers: [SCRAPER],
    };
    await system.whilePosting(async () => ended(await system.start('batchWorkflow', batchId(name), input)));
    const workflowId = batchScrapeId(batchId(name), 'item-1', SCRAPER, 1);
    return { 'scrape-in-a-page-done-by-post': { workflowId } };
  }),
];

async function scrape(system: RecordingSystem, name: string): Promise<Execution> {
  const handle = await system.start('scrapeWorkflow', `scrape/${name}`, {
    scraper: SCRAPER,
    prompt: promptOf(name),
  });
  await ended(handle);
  return handle;
}

function fault({ control }: RecordingSystem, name: string, one: TaskFault): Promise<unknown> {
  return control.dataforseo.script({ on: 'task', keyword: promptOf(name), steps: [{ faults: [one] }] });
}

function promptOf(name: string): string {
  return `copper kettle (${name})`;
}
