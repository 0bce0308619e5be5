import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { mayNeverRun, standingOf } from '../../src/activities/standing.ts';

const NOW = Date.now();

interface Run {
  status?: string;
  historyLength?: number;
  ageMs?: number;
  pendingTask?: object | null;
  parent?: { workflowId: string; runId: string };
  terminatedFor?: string;
}

/** A server with these workflows: by id, or by id and run. */
function serverWith(runs: Record<string, Run>): { client: Client; terminated: string[] } {
  const terminated: string[] = [];
  const client = {
    workflow: {
      getHandle(workflowId: string, runId?: string) {
        const run = runs[runId && workflowId !== 'child' ? `${workflowId} ${runId}` : workflowId];
        return {
          async describe() {
            if (!run) throw new WorkflowNotFoundError('not found', workflowId, runId);
            return described(workflowId, run);
          },
          async fetchHistory() {
            const reason = run?.terminatedFor;
            return { events: [{}, { workflowExecutionTerminatedEventAttributes: { reason } }] };
          },
          async terminate(reason: string) {
            if (run) Object.assign(run, { status: 'TERMINATED', terminatedFor: reason });
            terminated.push(`${workflowId} ${runId}`);
          },
        };
      },
    },
  } as unknown as Client; // what standing.ts uses of it
  return { client, terminated };
}

function described(workflowId: string, { status = 'RUNNING', ageMs = 61_000, ...run }: Run) {
  return {
    workflowId,
    runId: 'r1',
    status: { name: status },
    historyLength: run.historyLength ?? 1,
    startTime: new Date(NOW - ageMs),
    parentExecution: run.parent,
    raw: { pendingWorkflowTask: run.pendingTask ?? null },
  };
}

const PARENT = { workflowId: 'parent', runId: 'old' };

describe('a workflow that somebody waits for who is not its parent', () => {
  it.each(['COMPLETED', 'TERMINATED'])(
    'is ended and given free if it never got a task and its parent’s run is %s',
    async (status) => {
      const { client, terminated } = serverWith({ child: { parent: PARENT }, 'parent old': { status } });
      expect(await standingOf(client, 'child')).toBe('neverRan');
      expect(terminated).toEqual(['child r1']);
      // Asked again, since the process died before it could say so.
      expect(await standingOf(client, 'child')).toBe('neverRan');
      expect(terminated).toHaveLength(1);
    },
  );

  it('is ended too if nothing is known of its parent’s run any more', async () => {
    const { client } = serverWith({ child: { parent: PARENT } });
    expect(await standingOf(client, 'child')).toBe('neverRan');
  });

  it.each<[string, Run]>([
    ['whose parent’s run goes on', { parent: { workflowId: 'parent', runId: 'new' } }],
    ['that has no parent', {}],
    ['that ran', { parent: PARENT, historyLength: 5 }],
    ['whose first task waits for a worker', { parent: PARENT, historyLength: 2, pendingTask: {} }],
    ['that was created just now', { parent: PARENT, ageMs: 59_000 }],
  ])('is left alone if it is one %s', async (_, child) => {
    const { client, terminated } = serverWith({
      child,
      'parent old': { status: 'TERMINATED' },
      'parent new': {},
    });
    expect(await standingOf(client, 'child')).toBe('open');
    expect(terminated).toEqual([]);
  });

  it('is closed if it ended, was ended by somebody else, or is not known', async () => {
    const runs = { child: { status: 'TERMINATED', historyLength: 2, terminatedFor: 'by hand' } };
    expect(await standingOf(serverWith(runs).client, 'child')).toBe('closed');
    expect(
      await standingOf(serverWith({ child: { status: 'COMPLETED', historyLength: 12 } }).client, 'child'),
    ).toBe('closed');
    expect(await standingOf(serverWith({}).client, 'child')).toBe('closed');
  });

  it('is not taken for one that never runs because of signals that came before its first task', () => {
    const signalled = described('child', { historyLength: 3, pendingTask: {} });
    expect(mayNeverRun(signalled as never, NOW)).toBe(false);
  });
});
