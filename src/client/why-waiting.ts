import type { WorkflowExecutionDescription } from '@temporalio/client';
import { readQueue, submitQueue } from '../contracts/ids.ts';
import { PROVIDERS } from '../contracts/scrapers.ts';
import type { Temporal } from './temporal.ts';

/** Types of `temporal.api.enums.v1.TaskQueueType`. */
const WORKFLOW_QUEUE = 1;
const ACTIVITY_QUEUE = 2;
/** A poll lasts up to a minute, so a worker that is there was seen since. */
const POLL_SEEN_MS = 75_000;
/** A worker takes a workflow task in milliseconds. */
const TASK_TAKEN_MS = 5_000;
const CALL_TIMEOUT_MS = 5_000;

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** What holds a workflow up. `queue`: its turn has not come; `trouble`: something has to change. */
export interface Waiting {
  kind: 'trouble' | 'queue';
  words: string;
  /** An activity failed and waits for its next try; without it the failure may be over, and the try goes on. */
  backsOff?: true;
}

/** How a look at a task that is not ready yet ends: the activity is retried after a while, as it should be. */
const NOT_READY = 'Pending';

/**
 * What holds a workflow up that is not its ordinary waiting, in words: no worker, an activity's last failure such as
 * `AccountBlocked`, nobody who serves its account. Undefined if nothing does.
 */
export async function whyWaiting(
  temporal: Temporal,
  description: WorkflowExecutionDescription,
): Promise<Waiting | undefined> {
  const { raw, taskQueue, status } = description;
  if (status.name !== 'RUNNING') return undefined;
  const failing = raw.pendingActivities?.find(isFailing);
  if (failing) return failureOf(failing);
  const pending = raw.pendingWorkflowTask;
  const since = pending?.startedTime ? undefined : ageMs(pending?.scheduledTime);
  const { pollers, polledMs } = await describeQueue(temporal, taskQueue, WORKFLOW_QUEUE);
  const untaken = since !== undefined && since > TASK_TAKEN_MS;
  // A worker that is there takes up what waits, and then polls again.
  if (pollers.length === 0 || (untaken && polledMs > TASK_TAKEN_MS)) return noWorker(temporal, taskQueue);
  if (untaken) return { kind: 'queue', words: 'the workers are busy' };
  const waiting = raw.pendingActivities?.[0];
  return waiting && notStarted(temporal, taskQueue, waiting);
}

function isFailing({ lastFailure }: PendingActivity): boolean {
  return Boolean(lastFailure) && lastFailure?.applicationFailureInfo?.type !== NOT_READY;
}

function failureOf({ lastFailure, attempt, nextAttemptScheduleTime }: PendingActivity): Waiting {
  const tries = Math.max(1, (attempt ?? 2) - 1);
  const type = lastFailure?.applicationFailureInfo?.type;
  // A time, not a countdown: who watches is told once.
  const again = nextAttemptScheduleTime
    ? `, again at ${clockTime(Date.now() - ageMs(nextAttemptScheduleTime))}`
    : '';
  const words = `${type ? `${type}: ` : ''}${lastFailure?.message ?? 'failed'} (tried ${tries === 1 ? 'once' : `${tries} times`}${again})`;
  return { ...trouble(words), ...(nextAttemptScheduleTime && { backsOff: true }) };
}

/** Which of the account's queues an activity waits in is not told; both are served by the same worker. */
async function notStarted(
  temporal: Temporal,
  taskQueue: string,
  activity: PendingActivity,
): Promise<Waiting | undefined> {
  const queue = activity.activityOptions?.taskQueue?.name;
  if (!queue || queue === taskQueue || activity.lastStartedTime) return undefined;
  const { pollers, backlog, perSecond } = await describeQueue(temporal, queue, ACTIVITY_QUEUE);
  if (pollers.length > 0) {
    if ((ageMs(activity.scheduledTime) ?? 0) <= TASK_TAKEN_MS) return undefined;
    const calls = backlog > 0 ? `about ${backlog} calls` : 'calls';
    const rate = perSecond === undefined ? 'as many as the account may make' : `${perSecond}`;
    return { kind: 'queue', words: `${calls} in the queue ${queue}, which passes ${rate} a second` };
  }
  const account = accountOf(taskQueue, queue);
  return trouble(
    `no worker serves ${account === undefined ? `the queue ${queue}` : `the account "${account}"`}: start one that has its key ("gleaner up" or "gleaner worker")`,
  );
}

function accountOf(taskQueue: string, queue: string): string | undefined {
  const account = queue.split('/').at(-2) ?? '';
  const known = PROVIDERS.flatMap((provider) => [
    submitQueue(taskQueue, provider, account),
    readQueue(taskQueue, provider, account),
  ]);
  return known.includes(queue) ? account : undefined;
}

/** Whether a worker polls the workflows' queue of this client. */
export async function hasWorker(temporal: Temporal): Promise<boolean> {
  return hasPollers(temporal, temporal.taskQueue, WORKFLOW_QUEUE);
}

/** How many worker processes poll the workflows' queue. */
export async function countWorkers(temporal: Temporal): Promise<number> {
  return new Set((await describeQueue(temporal, temporal.taskQueue, WORKFLOW_QUEUE)).pollers).size;
}

async function hasPollers(temporal: Temporal, queue: string, type: number): Promise<boolean> {
  return (await describeQueue(temporal, queue, type)).pollers.length > 0;
}

interface DescribedQueue {
  /** Who polls it. */
  pollers: string[];
  /** How long ago somebody began to, milliseconds. */
  polledMs: number;
  /** About how many tasks wait. */
  backlog: number;
  /** Its limit, if it has one. */
  perSecond: number | undefined;
}

async function describeQueue(
  { client, namespace }: Temporal,
  queue: string,
  type: number,
): Promise<DescribedQueue> {
  const { pollers, stats, effectiveRateLimit } = await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
    client.connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: queue },
      reportStats: true,
      taskQueueType: type, // oxlint-disable-line typescript/no-unsafe-enum-assignment -- the enum is not in our dependencies
    }),
  );
  const seen = (pollers ?? []).filter(({ lastAccessTime }) => (ageMs(lastAccessTime) ?? 0) < POLL_SEEN_MS);
  return {
    pollers: seen.map(({ identity }) => identity ?? ''),
    polledMs: Math.min(...seen.map(({ lastAccessTime }) => ageMs(lastAccessTime) ?? 0)),
    backlog: Number(stats?.approximateBacklogCount ?? 0),
    perSecond: effectiveRateLimit?.requestsPerSecond ?? undefined,
  };
}

function trouble(words: string): Waiting {
  return { kind: 'trouble', words };
}

function noWorker({ namespace }: Temporal, taskQueue: string): Waiting {
  return trouble(
    `no worker polls the task queue "${taskQueue}" in namespace "${namespace}": start one with "gleaner up" or "gleaner worker"`,
  );
}

function clockTime(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}

type Time = { seconds?: unknown; nanos?: number | null };

function ageMs(time: Time): number;
function ageMs(time: Time | null | undefined): number | undefined;
function ageMs(time: Time | null | undefined): number | undefined {
  if (!time) return undefined;
  return Date.now() - (Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1_000_000);
}
