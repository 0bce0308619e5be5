import { Context } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { CollectorInput, CollectorWishes, Wanted } from '../contracts/collector.ts';
import { collectorId } from '../contracts/ids.ts';
import { PROGRESS_QUERY, WANTED_SIGNAL } from '../contracts/messages.ts';

/** The ways to reach a collector. A question leaves no event in its history, a signal leaves four. */
export interface CollectorPost {
  /** What it is wanted for, or was when it ended; undefined if there is none, or nobody can say. */
  ask(input: CollectorInput): Promise<CollectorWishes | undefined>;
  /** Starts it with these wishes; false if it runs already. */
  start(taskQueue: string, input: CollectorInput): Promise<boolean>;
  /** Signals the one that runs, which hears the first of all words under one `key`; false if none runs. */
  signalOnce(input: CollectorInput, wanted: Wanted, key: string): Promise<boolean>;
  /** Signals it, and starts it if none runs. */
  signal(taskQueue: string, input: CollectorInput, wanted: Wanted): Promise<void>;
}

/** A purchase is on record already, so its activity does not wait for long. */
const SIGNAL_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 2_000;

/** As gRPC numbers it. */
const NOT_FOUND = 5;

/** By the client of the running activity. */
export const collectorPost: CollectorPost = {
  async ask({ provider, account }) {
    const { client }: { client: Client } = Context.current();
    try {
      return await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
        client.workflow.getHandle(collectorId(provider, account)).query<CollectorWishes>(PROGRESS_QUERY),
      );
    } catch {
      return undefined;
    }
  },
  async start(taskQueue, input) {
    const { client }: { client: Client } = Context.current();
    try {
      await client.withDeadline(Date.now() + SIGNAL_TIMEOUT_MS, () =>
        client.workflow.start('collectorWorkflow', {
          taskQueue,
          workflowId: collectorId(input.provider, input.account),
          args: [input],
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  },
  async signalOnce({ provider, account }, wanted, key) {
    const { client }: { client: Client } = Context.current();
    const workflowId = collectorId(provider, account);
    // By the service itself: the client makes up an id for every request, and the server goes by it what it has heard.
    const request = {
      namespace: client.options.namespace,
      workflowExecution: { workflowId },
      signalName: WANTED_SIGNAL,
      input: { payloads: [defaultPayloadConverter.toPayload(wanted)] },
      requestId: `${workflowId} ${key}`,
    };
    try {
      await client.withDeadline(Date.now() + SIGNAL_TIMEOUT_MS, () =>
        client.workflowService.signalWorkflowExecution(request),
      );
      return true;
    } catch (error) {
      const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
      if (code === NOT_FOUND) return false;
      throw error;
    }
  },
  async signal(taskQueue, { provider, account }, wanted) {
    const { client }: { client: Client } = Context.current();
    await client.withDeadline(Date.now() + SIGNAL_TIMEOUT_MS, () =>
      client.workflow.signalWithStart('collectorWorkflow', {
        taskQueue,
        workflowId: collectorId(provider, account),
        args: [{ provider, account }],
        signal: WANTED_SIGNAL,
        signalArgs: [wanted],
      }),
    );
  },
};
