import { stateOf, tryDescribe } from '../client/describe-run.ts';
import type { Temporal } from '../client/temporal.ts';
import { whyWaiting } from '../client/why-waiting.ts';
import type { AddFinding } from './finding.ts';

/** An account that is blocked holds up everything that waits on it, so a few of each type tell. */
const ASKED = 10;
const TYPES = ['collectorWorkflow', 'partitionWorkflow', 'scrapeWorkflow'];
const BLOCKED = 'AccountBlocked: ';

export const BLOCKED_FIX =
  'add funds, or put the right credentials in place and restart the workers; everything goes on by itself';

/** What workflows that run say of accounts: some codes are seen by them alone, not by a free call. */
export async function checkBlocked(temporal: Temporal, add: AddFinding): Promise<void> {
  const said = new Map<string, string>();
  for (const type of TYPES) {
    for (const id of await newest(temporal, type)) {
      const description = await tryDescribe(temporal, id);
      if (!description || stateOf(description) !== 'running') continue;
      const reason = await whyWaiting(temporal, description);
      if (!reason?.backsOff || !reason.words.startsWith(BLOCKED)) continue;
      // The same of everybody but for the id, the tries and the time.
      const why = reason.words
        .slice(BLOCKED.length)
        .replace(/ \(tried .*$/, '')
        .replaceAll(id, 'a scrape');
      if (!said.has(why)) said.set(why, id);
    }
  }
  for (const [why, id] of said) {
    add({ level: 'fail', what: 'account', detail: `blocked: ${why} (${id})`, fix: BLOCKED_FIX });
  }
}

async function newest({ client }: Temporal, type: string): Promise<string[]> {
  const ids: string[] = [];
  const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: ASKED })) {
    ids.push(workflowId);
    if (ids.length >= ASKED) break;
  }
  return ids;
}
