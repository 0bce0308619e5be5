import type { AuditScope, AuditWorld, WorkflowReader } from '../audit/audit-world.ts';
import type { Adopted } from '../audit/adopt-found.ts';
import { runAudit } from '../audit/run-audit.ts';
import type { Audit } from '../audit/run-audit.ts';
import type { Config } from '../config/config.ts';
import { collectorId } from '../contracts/ids.ts';
import type { Clock } from '../lists/pace.ts';
import { createHttp } from '../providers/http.ts';
import { adopt } from './adopt.ts';
import type { ClientContext } from './client-context.ts';
import { stateOf, tryDescribe } from './describe-run.ts';
import { GleanerError } from './gleaner-error.ts';
import type { Temporal } from './temporal.ts';
import { notFound } from './wait.ts';

export interface AuditOptions extends AuditScope {
  /** Collect what is ours: write found purchases into the journal, and start the scrapes again that pick them up. */
  adopt?: boolean;
  /** Told what takes long. */
  say?: (line: string) => void;
  /** For tests: other clocks than this machine's. */
  clock?: Clock;
}

/** What an audit found. */
export interface AuditReport extends Omit<Audit, 'facts'> {
  /** Nothing is off. Notes do not count: they say what nobody can tell. */
  clean: boolean;
  at: string;
  /** What the providers with a list of purchases said of their accounts. */
  accounts: Array<{ provider: string; account: string; said?: string; trouble?: string }>;
  /** What `adopt` did; empty without it. */
  adopted: Adopted[];
}

/**
 * Compares journal, records and results with each other and with what the providers list. Read-only but for `adopt`, and
 * buys nothing in any case. Throws `GleanerError` (`not-found`) if no batch has the id.
 */
export async function audit(
  context: ClientContext,
  config: Pick<Config, 'accounts'>,
  options: AuditOptions = {},
): Promise<AuditReport> {
  const { batchId, sinceMs, say = () => undefined, clock = CLOCK } = options;
  const { store } = context;
  if (batchId !== undefined && !(await store.batches.readManifest(batchId))) throw notFound(batchId);
  const temporal = await reachable(context);
  const http = createHttp();
  try {
    const world: AuditWorld = {
      store,
      http,
      accounts: config.accounts,
      clock,
      workflows: await readWorkflows(temporal),
      isCollecting: async ({ provider, name }) =>
        !temporal || (await isRunning(temporal, collectorId(provider, name))),
      say,
    };
    const scope = { ...(batchId !== undefined && { batchId }), ...(sinceMs !== undefined && { sinceMs }) };
    const { facts, ...outcome } = await runAudit(world, scope);
    const adopted = options.adopt ? await adopt(context, config.accounts, { ...outcome, facts }) : [];
    return {
      ...outcome,
      clean: outcome.findings.length === 0,
      at: new Date(facts.nowMs).toISOString(),
      accounts: facts.accounts.map(({ provider, account, said, trouble }) => ({
        provider,
        account,
        ...(said !== undefined && { said }),
        ...(trouble !== undefined && { trouble }),
      })),
      adopted,
    };
  } finally {
    await http.close();
  }
}

const CLOCK: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The store and the providers can be audited without a server. */
async function reachable(context: ClientContext): Promise<Temporal | undefined> {
  try {
    return await context.temporal();
  } catch (error) {
    if (error instanceof GleanerError && error.kind === 'no-server') return undefined;
    throw error;
  }
}

async function readWorkflows(temporal: Temporal | undefined): Promise<WorkflowReader> {
  if (!temporal) return { wasRunning: () => false, stateOf: async () => 'unasked' };
  const running = new Set<string>();
  const query = `WorkflowType IN ('scrapeWorkflow', 'batchWorkflow') AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of temporal.client.workflow.list({ query })) running.add(workflowId);
  return {
    wasRunning: (id) => running.has(id),
    async stateOf(id) {
      const description = await tryDescribe(temporal, id);
      if (!description) return 'gone';
      const state = stateOf(description);
      return state === 'running' || state === 'terminated' ? state : 'ended';
    },
  };
}

async function isRunning(temporal: Temporal, id: string): Promise<boolean> {
  const description = await tryDescribe(temporal, id);
  return description !== undefined && stateOf(description) === 'running';
}
