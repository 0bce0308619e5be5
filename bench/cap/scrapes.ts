import { setTimeout as sleep } from 'node:timers/promises';
import { OUTCOMES, type Outcome } from '../../src/contracts/outcomes.ts';
import type { CapWorld, TemporalServer } from './world.ts';

/** Scrapes by outcome, and what the provider's own ledger says of their questions. */
export interface Ended {
  outcomes: Partial<Record<Outcome, number>>;
  /** Jobs that the provider made, and for how many different questions. */
  jobs: number;
  questions: number;
}

const SCRAPER = 'scrapellm/grok';

export function idsOf(name: string, howMany: number): string[] {
  return Array.from({ length: howMany }, (_, n) => `scrape/${name}/${n}`);
}

/** Starts them all at once; those that are there already go on. */
export async function startAll({ client }: TemporalServer, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await Promise.all(
      ids.slice(at, at + AT_ONCE).map((workflowId) =>
        client.workflow.start('scrapeWorkflow', {
          taskQueue: 'gleaner',
          workflowId,
          args: [{ scraper: SCRAPER, prompt: workflowId }],
          workflowIdConflictPolicy: 'USE_EXISTING',
        }),
      ),
    );
  }
}

/** Enough to keep the server busy, few enough not to meet its limit of calls. */
const AT_ONCE = 20;

/** Until each of them has its record, which is the last thing that a scrape writes. */
export async function untilEnded(world: CapWorld, ids: readonly string[]): Promise<Ended> {
  const outcomes = new Map<string, Outcome>();
  for (;;) {
    for (const id of ids) {
      if (outcomes.has(id)) continue;
      const record = await world.store.records.read(id);
      if (record) outcomes.set(id, record.outcome);
    }
    if (outcomes.size === ids.length) break;
    await sleep(250);
  }
  const all = [...outcomes.values()];
  const counted = OUTCOMES.map((outcome) => [outcome, all.filter((one) => one === outcome).length] as const);
  return { outcomes: Object.fromEntries(counted.filter(([, count]) => count > 0)), ...jobsOf(world, ids) };
}

export function jobsOf({ simulator }: CapWorld, ids: readonly string[]): { jobs: number; questions: number } {
  const asked = new Set(ids);
  const prompts = simulator.sim.ledger().jobs.flatMap(({ prompt }) => (asked.has(prompt) ? [prompt] : []));
  return { jobs: prompts.length, questions: new Set(prompts).size };
}

/** Until so many jobs were made of them. */
export async function untilBought(world: CapWorld, ids: readonly string[], howMany: number): Promise<void> {
  while (jobsOf(world, ids).jobs < howMany) await sleep(20);
}
