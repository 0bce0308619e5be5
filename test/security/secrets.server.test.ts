import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccountGate } from '../../src/activities/account-gate.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { ending, pendingFailure, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem, logLines } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

const KEY = 'a-key-that-must-not-be-found';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem(
    { apiKeys: { [KEY]: 3_000 }, knobs: { attemptFailureRate: 0, durationMs: 200 } },
    { secret: KEY, gate: createAccountGate(() => performance.now(), 1_000) },
  );
});
afterAll(() => system.close());

/** All payloads of all histories of the namespace, decoded. */
async function histories(): Promise<string> {
  let text = '';
  for await (const { workflowId, runId } of system.client.workflow.list()) {
    const history = await system.client.workflow.getHandle(workflowId, runId).fetchHistory();
    // Payload data are base64 in a history's JSON.
    text += JSON.stringify(history).replace(/"data":"([A-Za-z0-9+/=]+)"/g, (_all, data: string) =>
      Buffer.from(data, 'base64').toString('utf8'),
    );
  }
  return text;
}

async function storeFiles(): Promise<Array<{ path: string; text: string }>> {
  const entries = await readdir(system.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (path) => {
      const body = await readFile(path);
      return { path, text: (path.endsWith('.gz') ? gunzipSync(body) : body).toString('utf8') };
    }),
  );
}

describe('the provider key', () => {
  it('is in no history, log, store file, record, error or report, whatever went wrong', async () => {
    const faults = ['credit-limit', 'rate-limited', 'reset-after', 'error-504', 'no-job-id', 'none'];
    await system.control.script({ on: 'submit', steps: faults.map((fault) => ({ fault })) as never });
    const blocked = await start(system, { prompt: uniquePrompt() });
    await until(() => pendingFailure(system, blocked.workflowId), 'the account is blocked');
    const handles = await Promise.all([1, 2, 3, 4].map(() => start(system, { prompt: uniquePrompt() })));
    const endings = await Promise.all([blocked, ...handles].map(ending));
    await system.client.workflow.execute('batchWorkflow', {
      taskQueue: 'gleaner',
      workflowId: 'batch/secrets',
      args: [
        { name: 'secrets', prompts: [uniquePrompt()], scrapers: ['scrapellm/chatgpt', 'scrapellm/grok'] },
      ],
    });
    const report = join(system.folder, 'report.html');
    await writeReport(system.store, 'batch/secrets', report);

    // The search would find it: the prompts are there, and so are the task ids in the journal.
    const history = await histories();
    expect(history).toContain('best desk lamp');
    expect(history).not.toContain(KEY);
    const files = await storeFiles();
    expect(files.length).toBeGreaterThan(10);
    for (const { path, text } of files) expect(text.includes(KEY), path).toBe(false);
    expect(logLines.length).toBeGreaterThan(10);
    expect(logLines.join('\n')).not.toContain(KEY);
    expect(JSON.stringify(endings)).not.toContain(KEY);

    // A job id reads prompt and answer of a paid scrape: nowhere but in payloads and journal.
    const jobIds = (await system.control.ledger()).jobs.map(({ jobId }) => jobId);
    expect(jobIds.length).toBeGreaterThan(3);
    const spoken = [...logLines, JSON.stringify(endings), await readFile(report, 'utf8')].join('\n');
    for (const jobId of jobIds) expect(spoken).not.toContain(jobId);
  });
});
