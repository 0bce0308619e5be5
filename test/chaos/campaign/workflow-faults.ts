import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { batchId, partitionId } from '../../../src/contracts/ids.ts';
import type { CampaignWorld } from './campaign-world.ts';
import { MARK } from './questions.ts';

/** What somebody with access to the Temporal server does to workflows. */
export const WORKFLOW_FAULTS = {
  'reset of a scrape': (world: CampaignWorld) => withOpenScrape(world, async (id) => reset(world, id)),
  'reset of a batch': async (world: CampaignWorld) => {
    const id = world.options.resetsBatches ? openBatch(world) : undefined;
    if (id === undefined) return undefined;
    await reset(world, world.random.chance(0.5) ? id : partitionId(id, 1));
    return [];
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
    await world.keeper.start(world.random.pick(open));
    return [];
  },
  'retry of a batch': async ({ keeper, random }: CampaignWorld) => {
    if (keeper.asked.length === 0) return undefined;
    const batch = random.pick(keeper.asked.slice(-8));
    await keeper.retry(batch);
    return batch.scrapes.map(({ mark }) => mark);
  },
} as const;

/** Marks of what was hit; undefined: nothing was there to be hit. */
type Hit = Promise<string[] | undefined>;

async function withOpenScrape(world: CampaignWorld, act: (id: string) => Promise<unknown>): Hit {
  const ids = await world.open.read();
  if (ids.length === 0) return undefined;
  const id = world.random.pick(ids);
  await act(id);
  return id.match(MARK) ?? [];
}

async function withOpenBatch(world: CampaignWorld, act: (id: string) => Promise<unknown>): Hit {
  const id = openBatch(world);
  if (id === undefined) return undefined;
  await act(id);
  return [];
}

function openBatch({ keeper, random }: CampaignWorld): string | undefined {
  const { open } = keeper;
  return open.length === 0 ? undefined : batchId(random.pick(open).input.name);
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
