import { executeChild, proxyActivities, sleep } from '@temporalio/workflow';
import type { PlainScrapeInput, submitJob, pollJob } from './baseline-activities.ts';

const activities = proxyActivities<{ submitJob: typeof submitJob; pollJob: typeof pollJob }>({
  startToCloseTimeout: '1 minute',
});

/** Nothing at all: what a child workflow costs by itself. */
export async function emptyScrape(): Promise<void> {}

/** The vendor's sample loop as a workflow: submit, sleep, poll until the answer is here. */
export async function plainScrape(input: PlainScrapeInput): Promise<PlainEnd> {
  const jobId = await activities.submitJob(input);
  for (;;) {
    await sleep(input.pollEveryMs);
    const { provider, baseUrl, apiKey } = input;
    const job = await activities.pollJob({ provider, baseUrl, apiKey, jobId });
    if (job.status === 'done' || job.status === 'failed') return { status: job.status };
  }
}

/** Without the answer: those of 500 children would be more than a parent's history should hold. */
interface PlainEnd {
  status: string;
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
