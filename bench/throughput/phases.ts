import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectGleaner } from '../../src/client/connect-gleaner.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { partitionId } from '../../src/contracts/ids.ts';
import { splitScraper } from '../../src/contracts/scrapers.ts';
import type { ParentInput } from './baseline-workflows.ts';
import type { BenchOptions, Phase } from './options.ts';
import type { World } from './world.ts';

/** One way to run the scrapes. */
export interface PhaseRun {
  /** The command of a worker process; `first`: of the one that listens, if any does. */
  workerArgs: (first: boolean) => string[];
  run: () => Promise<PhaseEnd>;
}

export interface PhaseEnd {
  /** Scrapes by how they ended. */
  outcomes: Record<string, number>;
  parentIds: string[];
  childIds: string[];
}

/** Less gains nothing: docs.scrapellm.com/guides/async-jobs */
const LEAST_POLL_MS = 1_000;
/** As many as a partition of Gleaner's holds. */
const CHILDREN_PER_PARENT = 500;

export function phaseRun(phase: Phase, world: World, options: BenchOptions): PhaseRun {
  if (phase === 'gleaner') return gleaner(world, options);
  return baseline(phase === 'empty' ? 'emptyScrape' : 'plainScrape', world, options);
}

function baseline(child: ParentInput['child'], world: World, options: BenchOptions): PhaseRun {
  const script = fileURLToPath(new URL('./baseline-worker.ts', import.meta.url));
  const taskQueue = `bench-${child}`;
  const { provider } = options;
  const pollEveryMs = Math.max(LEAST_POLL_MS, provider.pollEveryMs / options.speed);
  const all = prompts(options).flatMap((prompt) =>
    provider.scrapers.map((scraper) => ({
      provider: provider.name,
      baseUrl: world.simulator.url,
      apiKey: provider.key,
      engine: splitScraper(scraper).engine.replaceAll('-', '_'), // the vendor's spelling
      prompt,
      pollEveryMs,
    })),
  );
  return {
    workerArgs: () => ['--import', 'tsx', script, world.address, world.namespace, taskQueue],
    async run() {
      const parents = Math.ceil(all.length / CHILDREN_PER_PARENT);
      const inputs = Array.from({ length: parents }, (_, p): ParentInput => {
        const children = all.slice(p * CHILDREN_PER_PARENT, (p + 1) * CHILDREN_PER_PARENT);
        return { child, children, id: `${child}/p${p}`, window: Math.floor(options.window / parents) };
      });
      const counts = await Promise.all(
        inputs.map((input) =>
          world.client.workflow.execute<(input: ParentInput) => Promise<number>>('parentWorkflow', {
            taskQueue,
            workflowId: input.id,
            args: [input],
          }),
        ),
      );
      return {
        outcomes: { done: counts.reduce((sum, count) => sum + count, 0) },
        parentIds: inputs.map(({ id }) => id),
        childIds: inputs.flatMap(({ id, children }) => children.map((_, n) => `${id}/${n}`)),
      };
    },
  };
}

function gleaner(world: World, options: BenchOptions): PhaseRun {
  return {
    workerArgs: (first) => [
      join(options.build, 'cli/main.js'),
      'worker',
      '--json',
      '--log-level',
      'error',
      ...(options.webhooks && first ? ['--webhooks'] : []),
    ],
    async run() {
      const gleaner = await connectGleaner({ config: readConfig(world.env, world.folder) });
      try {
        const { batchId } = await gleaner.startBatch({
          name: 'throughput',
          prompts: prompts(options),
          scrapers: [...options.provider.scrapers],
          window: options.window,
        });
        const { counts } = await gleaner.waitForBatch(batchId);
        const manifest = await gleaner.store.batches.readManifest(batchId);
        const pages = Array.from({ length: manifest?.pages ?? 0 }, (_, i) => i + 1);
        const rows = await Promise.all(pages.map((page) => gleaner.store.batches.readPage(batchId, page)));
        return {
          outcomes: { ...counts },
          parentIds: [batchId, ...pages.map((page) => partitionId(batchId, page))],
          childIds: rows.flat().map(({ scrapeId }) => scrapeId),
        };
      } finally {
        await gleaner.close();
      }
    },
  };
}

/** As long as a marketer's question with its context is; a thousand of them go through the store, not through history. */
function prompts({ scrapes, provider }: BenchOptions): string[] {
  return Array.from(
    { length: scrapes / provider.scrapers.length },
    (_, n) =>
      `Question ${n}: which desk lamp would you recommend for a small home office with little daylight, ` +
      'if it should cost less than 80 dollars, be dimmable, need little room on the desk and last for ten years? ' +
      'Please name brands and say why.',
  );
}
