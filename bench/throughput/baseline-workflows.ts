import { executeChild, proxyActivities, sleep } from '@temporalio/workflow';
import type { Job, PlainScrapeInput, submitJob, pollJob } from './baseline-activities.ts';

const activities = proxyActivities<{ submitJob: typeof submitJob; pollJob: typeof pollJob }>({
  startToCloseTimeout: '1 minute',
});

/** Nothing at all: what a child workflow costs by itself. */
export async function emptyScrape(): Promise<void> {}

/** The vendor's sample loop as a workflow: submit, sleep, poll, and hand the answer to whoever waits. */
export async function plainScrape(input: PlainScrapeInput): Promise<Job> {
  const jobId = await activities.submitJob(input);
  for (;;) {
    await sleep(input.pollEveryMs);
    const job = await activities.pollJob({ baseUrl: input.baseUrl, jobId });
    if (job.status === 'done') return job;
    if (job.status === 'failed') return job;
  }
}

export interface ParentInput {
  child: 'emptyScrape' | 'plainScrape';
  /** One child each; the ids of the children are this workflow's with a number. */
  children: PlainScrapeInput[];
  id: string;
  /** How many run at once. */
  window: number;
}

/** Runs children, a window of them at a time, and counts those that ended. */
export async function parentWorkflow({ child, children, id, window }: ParentInput): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < children.length; n = next++) {
      const args = child === 'emptyScrape' ? [] : [children[n]];
      await executeChild(child, { workflowId: `${id}/${n}`, args });
    }
  };
  await Promise.all(Array.from({ length: window }, lane));
  return children.length;
}
