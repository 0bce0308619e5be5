/**
 * Mistakes that must not compile. `npm run types` reads this file and fails on an expectation that is not met, which is
 * how a type that has turned into `any` is noticed; nothing here ever runs.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { condition, executeChild, proxyActivities, sleep } from '@temporalio/workflow';
import type { ReadActivities, SubmitActivities } from '../../src/activities/create-activities.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';
import { completedSignal, scrapeProgressQuery, scrapeWorkflow } from '../../src/workflows/scrape.ts';

/** Without types for `ms` every duration of the SDK is `any`, and a mistyped one is found by a run that never ends. */
export async function durations(): Promise<void> {
  await sleep('2 seconds');
  // @ts-expect-error no duration
  await sleep('bogus');
  // @ts-expect-error no duration
  await condition(() => true, '2 secnds');
  // @ts-expect-error no duration
  proxyActivities<SubmitActivities>({ startToCloseTimeout: 'soon' });
}

export async function activityArguments(
  submit: SubmitActivities['submit'],
  check: ReadActivities['check'],
): Promise<void> {
  const activities = proxyActivities<SubmitActivities>({ startToCloseTimeout: '90 seconds' });
  // @ts-expect-error the input and the submission's number are missing
  await activities.submit({ ref: {} });
  // @ts-expect-error activities take one input object
  await submit('scrape/1', 1);
  // @ts-expect-error a look needs the receipt, not the task id
  await check({ ref: {}, taskId: 'task', mayResubmit: true });
  // @ts-expect-error there is no such activity
  await activities.buy({});
}

export async function messages(handle: WorkflowHandle): Promise<void> {
  await handle.signal(completedSignal, { taskId: 'task' });
  // @ts-expect-error the payload is an object
  await handle.signal(completedSignal, 'task');
  // @ts-expect-error a misspelt field
  await handle.signal(completedSignal, { taskID: 'task' });
  const progress = await handle.query(scrapeProgressQuery);
  // @ts-expect-error no such state
  return void (progress.state === 'done');
}

export async function workflowInputs(): Promise<void> {
  // @ts-expect-error the prompt is missing
  await executeChild(scrapeWorkflow, { args: [{ scraper: 'scrapellm/chatgpt' }] });
  // @ts-expect-error how often is a number
  await executeChild(scrapeWorkflow, { args: [{ scraper: 'a', prompt: 'b', maxSubmissions: '2' }] });
  // @ts-expect-error an engine that this provider does not have
  const scraper: Scraper = 'scrapellm/bing';
  return void scraper;
}
