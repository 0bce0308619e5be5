import {
  DefaultLogger,
  Runtime,
  Worker,
  bundleWorkflowCode,
  makeTelemetryFilterString,
} from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { WORKFLOWS_PATH } from '../../src/worker/create-workers.ts';
import { HISTORY_CASES, historyFile } from './history-cases.ts';
import { historyFiles, historyText, readHistory } from './read-histories.ts';

const files = historyFiles();
const logger = new DefaultLogger('ERROR');

let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  // A history that does not fit is what one of these tests is about; Core would print it.
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger, telemetryOptions: { logging: { filter } } });
  workflowBundle = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger });
}, 60_000);

describe("today's code replays what a released worker recorded:", () => {
  it.each(files)('%s', async (file) => {
    const history = readHistory(file);
    // A batch looks at its own id: under another one it runs as a child.
    const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? undefined;
    expect(workflowId).toBeDefined();
    await expect(Worker.runReplayHistory({ workflowBundle }, history, workflowId)).resolves.toBeUndefined();
  });
});

describe('the recorded histories', () => {
  it('are all there, and no others', () => {
    const recorded = Object.entries(HISTORY_CASES).flatMap(([version, cases]) =>
      cases.map((name) => historyFile(name, version)),
    );
    expect(files).toEqual(recorded.sort());
  });

  it.each(files)('name no machine: %s', (file) => {
    const text = historyText(file);
    const payloads = [...text.matchAll(/"data":"([^"]+)"/g)].map(([, data]) => atob(data ?? ''));
    for (const part of [text, ...payloads]) {
      expect(part).not.toMatch(/\d+@[a-z]|file:\/\/|\/(?:home|Users|root|tmp|src|node_modules)\//);
      expect(part).not.toContain('simulator-key');
    }
  });
});

describe('a history that the code no longer fits', () => {
  it('is rejected: a command that the code does not give', async () => {
    const history = readHistory('scrape-stored-before-0.1.0.json');
    for (const { activityTaskScheduledEventAttributes: scheduled } of history.events ?? []) {
      if (scheduled?.activityType) scheduled.activityType.name = 'somethingElse';
    }
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).rejects.toThrow(/somethingElse/);
  });
});
