import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { deliveryKey, variantsOf } from './body-rules.ts';
import type { CampaignWorld } from './campaign-world.ts';
import { readDelivered, readJournal, readRecords, readResult } from './evidence.ts';
import type { FiledRecord, FiledSubmission, Job } from './evidence.ts';
import { MARK } from './questions.ts';
import type { Asked } from './questions.ts';
import type { Case } from './rules.ts';

/** Every scrape that was asked for as everybody knows it, one after the other: bodies are large. */
export async function* readCases(
  world: CampaignWorld,
  storeFolder: string,
  jobs: readonly Job[],
): AsyncGenerator<Case> {
  const submissionsOf = groupBy(await readJournal(storeFolder), ({ scrapeId }) => scrapeId);
  const records = new Map((await readRecords(storeFolder)).map((record) => [record.scrapeId, record]));
  const jobsOf = groupByMark(jobs);
  for (const { scrapes, input } of world.keeper.asked) {
    const { onUnknown = 'fail', maxSubmissions = 2 } = input;
    for (const asked of scrapes) {
      const record = records.get(asked.scrapeId);
      const returned = await returnedOf(world, asked);
      const submissions = (submissionsOf.get(asked.scrapeId) ?? []).toSorted((a, b) => a.n - b.n);
      yield {
        ...asked,
        policy: { onUnknown, maxSubmissions },
        submissions,
        jobs: (jobsOf.get(asked.mark) ?? []).toSorted((a, b) => a.createdAtMs - b.createdAtMs),
        ...(await readBodies(world, storeFolder, submissions)),
        ...(record && { record }),
        ...(returned && { returned }),
      };
    }
  }
}

/** Jobs by the mark in their prompt, `''` for those without. */
export function groupByMark(jobs: readonly Job[]): Map<string, Job[]> {
  return groupBy(jobs, ({ text }) => text.match(MARK)?.[0] ?? '');
}

/** What is stored of every form of every result, and what the provider tells of the same. */
async function readBodies(
  { simulatorUrl }: CampaignWorld,
  storeFolder: string,
  submissions: readonly FiledSubmission[],
): Promise<Pick<Case, 'bodies' | 'delivered'>> {
  const bodies: Case['bodies'] = new Map();
  const delivered: Case['delivered'] = new Map();
  for (const submission of submissions) {
    const { receipt, verdict } = submission;
    if (!receipt || !verdict?.result) continue;
    for (const body of [verdict.result, ...(verdict.result.variants ?? [])])
      bodies.set(body.path, await readResult(storeFolder, body));
    for (const variant of variantsOf(submission)) {
      const told = await readDelivered(simulatorUrl, receipt.taskId, variant);
      delivered.set(deliveryKey(receipt.taskId, variant), told);
    }
  }
  return { bodies, delivered };
}

/** The record with which its workflow ended: its result, or what its failure carries. */
async function returnedOf({ server }: CampaignWorld, { scrapeId }: Asked): Promise<FiledRecord | undefined> {
  try {
    const handle = server.client.workflow.getHandle(scrapeId);
    const { status } = await handle.describe();
    if (status.name !== 'COMPLETED' && status.name !== 'FAILED') return undefined;
    return (await handle.result()) as FiledRecord;
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    return cause instanceof ApplicationFailure ? (cause.details?.[0] as FiledRecord | undefined) : undefined;
  }
}

function groupBy<T>(list: readonly T[], of: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(of(item));
    if (group) group.push(item);
    else groups.set(of(item), [item]);
  }
  return groups;
}
