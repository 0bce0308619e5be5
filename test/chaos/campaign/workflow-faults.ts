import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { batchId, partitionId } from '../../../src/contracts/ids.ts';
import type { CampaignWorld } from './campaign-world.ts';
import type { Aim } from './fault-book.ts';
import { MARK } from './questions.ts';
import type { AskedBatch } from './questions.ts';

/** What somebody with access to the Temporal server does to workflows. */
export const WORKFLOW_FAULTS = {
  'reset of a scrape': (world: CampaignWorld) => withOpenScrape(world, async (id) => reset(world, id)),
  'reset of a batch': async (world: CampaignWorld) => {
    const batch = world.options.resetsBatches ? openBatch(world) : undefined;
    if (!batch) return undefined;
    const id = batchId(batch.input.name);
    await reset(world, world.random.chance(0.5) ? id : partitionId(id, 1));
    return marksOf(batch);
  },
  'terminate of a scrape': (world: CampaignWorld) =>
    withOpenScrape(world, (id) => handleOf(world, id).terminate('chaos')),
  'terminate of a batch': (world: CampaignWorld) =>
    withOpenBatch(world, (id) => handleOf(world, id).terminate('chaos')),
  'cancel of a scrape': (world: CampaignWorld) => withOpenScrape(world, (id) => handleOf(world, id).cancel()),
  'cancel of a batch': (world: CampaignWorld) => withOpenBatch(world, (id) => handleOf(world, id).cancel()),
  'start of a scrape again': (world: CampaignWorld) =>
    withOpenScrape(world, (id) => world.keeper.startScrape(id)),
  'start of a batch again': async (world: CampaignWorld) => {
    const { open } = world.keeper;
    if (open.length === 0) return undefined;
    const batch = world.random.pick(open);
    await world.keeper.start(batch);
    return marksOf(batch);
  },
  'raise of a ceiling': async ({ keeper, random }: CampaignWorld) => {
    const capped = keeper.open.filter(({ ceiling }) => ceiling);
    if (capped.length === 0) return undefined;
    const batch = random.pick(capped);
    return (await keeper.raise(batch)) ? marksOf(batch) : undefined;
  },
  'retry of a batch': async ({ keeper, random }: CampaignWorld) => {
    if (keeper.asked.length === 0) return undefined;
    const batch = random.pick(keeper.asked.slice(-8));
    await keeper.retry(batch);
    return marksOf(batch);
  },
} as const;

/** What was hit; undefined: nothing was there to be hit. */
type Hit = Promise<Aim | undefined>;

function marksOf({ scrapes }: AskedBatch): Aim {
  return { marks: scrapes.map(({ mark }) => mark) };
}

async function withOpenScrape(world: CampaignWorld, act: (id: string) => Promise<unknown>): Hit {
  const ids = await world.open.read();
  if (ids.length === 0) return undefined;
  const id = world.random.pick(ids);
  await act(id);
  return { marks: id.match(MARK) ?? [] };
}

async function withOpenBatch(world: CampaignWorld, act: (id: string) => Promise<unknown>): Hit {
  const batch = openBatch(world);
  if (!batch) return undefined;
  await act(batchId(batch.input.name));
  return marksOf(batch);
}

function openBatch({ keeper, random }: CampaignWorld): AskedBatch | undefined {
  const { open } = keeper;
  return open.length === 0 ? undefined : random.pick(open);
}

function handleOf({ server }: CampaignWorld, id: string): ReturnType<Client['workflow']['getHandle']> {
  return server.client.workflow.getHandle(id);
}

/** `temporal workflow reset` to any workflow task that has ended. */
async function reset(world: CampaignWorld, workflowId: string): Promise<void> {
  const { server, random } = world;
  const handle = handleOf(world, workflowId);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const ends = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  if (ends.length === 0) throw new Error('it has not begun');
  await server.client.workflowService.resetWorkflowExecution({
    namespace: server.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: random.pick(ends).eventId ?? null,
    requestId: randomUUID(),
    reason: 'chaos',
  });
}
