import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkerOptions, WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import type { Account } from '../providers/account.ts';
import { listQueue, readQueue, submitQueue } from '../contracts/ids.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import { queueNames } from './account-book.ts';
import { callSlots } from './call-slots.ts';

/** The folder that the workflow bundle is made of; the same in source and in dist. */
export const WORKFLOWS_PATH = fileURLToPath(new URL('../workflows', import.meta.url));

export interface WorkersInput {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  accounts: readonly Account[];
  deps: ActivityDeps;
  /** How many processes like this one share the accounts; 1 if absent. */
  workers?: number;
  /** A bundle made before; else it is made now, which takes about a second. */
  workflowBundle?: WorkflowBundleWithSourceMap | { codePath: string };
}

/**
 * All workers of one process: one for workflows and store activities, and two or three for every account, since calls that
 * cost money or quota need queues of their own with their own rate limit.
 */
export async function createWorkers(input: WorkersInput): Promise<Worker[]> {
  const { connection, namespace, taskQueue, deps } = input;
  const activities = createActivities(deps);
  const common = { connection, namespace, ...SHUTDOWN };
  const workflowCode = input.workflowBundle
    ? { workflowBundle: input.workflowBundle }
    : { workflowsPath: WORKFLOWS_PATH };
  const workers = [
    Worker.create({
      ...common,
      ...workflowCode,
      ...WORKFLOW_TUNING,
      taskQueue,
      activities: { ...activities.store },
    }),
  ];
  for (const account of input.accounts) {
    const provider = PROVIDERS_BY_NAME[account.provider];
    const { limits, readyLists, search } = provider;
    const names = queueNames(deps.accounts, account);
    const slots = callSlots(provider, { workers: input.workers ?? 1, queues: names.length });
    // An account that is polled under two names shares its limit out, so that both together keep it; ours has none.
    const share = account.simulated ? 1 : names.length;
    const submitsPerSecond = (account.submitsPerSecond ?? limits.submitsPerSecond) / share;
    const readsPerSecond = (account.readsPerSecond ?? limits.readsPerSecond) / share;
    if (readyLists ?? search) {
      workers.push(
        Worker.create({
          ...common,
          // What runs here runs for minutes, is free and may stop at any point.
          shutdownGraceTime: 0,
          taskQueue: listQueue(taskQueue, account.provider, account.name),
          activities: { ...activities.list },
          maxConcurrentActivityTaskExecutions: LISTS_AT_ONCE,
        }),
      );
    }
    for (const name of names) {
      workers.push(
        Worker.create({
          ...common,
          taskQueue: submitQueue(taskQueue, account.provider, name),
          activities: { ...activities.submit },
          maxTaskQueueActivitiesPerSecond: submitsPerSecond,
          maxConcurrentActivityTaskExecutions: slots.submits,
        }),
        Worker.create({
          ...common,
          taskQueue: readQueue(taskQueue, account.provider, name),
          activities: { ...activities.read },
          maxTaskQueueActivitiesPerSecond: readsPerSecond,
          maxConcurrentActivityTaskExecutions: slots.reads,
        }),
      );
    }
  }
  return Promise.all(workers);
}

/** One run of a collector and one sweep; a second pair while the first is known to be lost. */
const LISTS_AT_ONCE = 4;

/**
 * A stopping worker lets a submit in flight finish: its own deadline is 30 s. Activities never see the shutdown earlier
 * than that, because an aborted submit is one with an unknown outcome.
 */
const SHUTDOWN = { shutdownGraceTime: '45 seconds' } satisfies Partial<WorkerOptions>;

/** A waiting scrape takes about 35 KB of heap in the cache, far less than the SDK's default assumes. */
const WORKFLOW_TUNING = {
  maxCachedWorkflows: 3_000,
  maxConcurrentWorkflowTaskExecutions: 100,
  // Node dies when the SDK stops workflow code that takes longer than this (nodejs/node#38503; seen at a load of 24 on two
  // cores with the default of 5 s), so it is for endless loops only, not for a busy machine. The SDK takes it, but leaves it out of its public type.
  isolateExecutionTimeout: '1 minute',
  workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 5, maximum: 50 },
} satisfies Partial<WorkerOptions> & { isolateExecutionTimeout: string };
