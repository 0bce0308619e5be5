import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { WorkflowHandle } from '@temporalio/client';
import type { FaultPoint } from '../../../src/activities/fault-points.ts';
import type { ProviderName } from '../../../src/contracts/scrapers.ts';
import { SIMULATOR_PASSWORD } from '../../../src/contracts/simulator-credentials.ts';
import { freePort } from '../../../src/dev-server/free-port.ts';
import type { TestNamespace } from '../../support/namespace.ts';
import { uniquePrompt } from '../../support/scrapes.ts';
import type { ChaosWorkerOptions } from '../worker-options.ts';
import type { ChaosWorld } from '../world.ts';

/** What one case has of its own, so that all can run in one world at once: queues, accounts at both providers, a prompt. */
export interface KillContext {
  world: ChaosWorld;
  space: TestNamespace;
  taskQueue: string;
  /** At ScrapeLLM. */
  key: string;
  /** At DataForSEO. */
  login: string;
  prompt: string;
}

/** A point that a worker comes to while it buys or collects something of this provider. */
export interface KillPlace {
  point: FaultPoint;
  provider: ProviderName;
}

/** A death at a place, and what must be true after it. */
export interface KillCase extends KillPlace {
  worker?: Partial<ChaosWorkerOptions>;
  /** The provider posts results to the worker. */
  posts?: boolean;
  /** Scripts the provider and starts the workflow, before there is any worker. */
  start(context: KillContext): Promise<WorkflowHandle>;
  /** Something from outside that brings the worker to the point. */
  whileItRuns?(context: KillContext, handle: WorkflowHandle): Promise<unknown>;
  expectEnd(context: KillContext, handle: WorkflowHandle): Promise<void>;
}

/** Names a case, and its account at DataForSEO, which has to be known when the world is made. */
export function nameOf({ point, provider }: KillPlace): string {
  return `${provider}-${point.replace(':', '-')}`;
}

/** Kills a worker at the point, lets another one go on, and looks at the end. */
export async function playCase(world: ChaosWorld, space: TestNamespace, kill: KillCase): Promise<void> {
  const { point } = kill;
  const context: KillContext = {
    world,
    space,
    taskQueue: `gleaner-${randomUUID()}`,
    key: `key-${randomUUID()}`,
    login: nameOf(kill),
    prompt: uniquePrompt(),
  };
  await world.control.fund(context.key, 1_000);
  const handle = await kill.start(context);
  const options: Partial<ChaosWorkerOptions> = {
    taskQueue: context.taskQueue,
    key: context.key,
    dataForSeoKey: `${context.login}:${SIMULATOR_PASSWORD}`,
    ...kill.worker,
    ...(kill.posts && { webhooks: await receiver() }),
  };
  const doomed = await world.startWorker(space, {
    ...options,
    signalAt: { point, nth: 1, signal: 'SIGKILL' },
  });
  await kill.whileItRuns?.(context, handle);
  expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' });
  const healthy = await world.startWorker(space, options);
  try {
    await kill.expectEnd(context, handle);
  } finally {
    await healthy.kill();
  }
}

/** Where a worker listens, and its next life too. */
async function receiver(): Promise<{ port: number; publicUrl: string }> {
  const port = await freePort(0, taken);
  taken.push(port);
  return { port, publicUrl: `http://127.0.0.1:${port}` };
}

const taken: number[] = [];

/** Runs them all, so many at a time; the promise of each is for its own test to await. */
export function playAll(
  kills: readonly KillCase[],
  atOnce: number,
  play: (kill: KillCase) => Promise<void>,
): Map<string, Promise<void>> {
  const turns: Array<() => void> = [];
  let free = atOnce;
  const turn = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => turns.push(resolve));
  };
  const next = (): void => {
    const waiting = turns.shift();
    if (waiting) waiting();
    else free += 1;
  };
  return new Map(
    kills.map((kill) => {
      const played = (async () => {
        await turn();
        try {
          await play(kill);
        } finally {
          next();
        }
      })();
      played.catch(() => undefined); // its test tells
      return [nameOf(kill), played];
    }),
  );
}
