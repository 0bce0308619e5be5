import type { WorkflowFact } from '../ledger/audit-facts.ts';
import type { Clock } from '../lists/pace.ts';
import type { Account } from '../providers/account.ts';
import type { Http } from '../providers/http.ts';
import type { Store } from '../store/store.ts';

/** What an audit reads. Nothing of it is written to, and nothing is bought. */
export interface AuditWorld {
  store: Store;
  http: Http;
  accounts: readonly Account[];
  clock: Clock;
  workflows: WorkflowReader;
  /** Whether a collector of this account may be making the same calls now. */
  isCollecting(account: Account): Promise<boolean>;
  /** Told what takes long. */
  say(line: string): void;
}

export interface WorkflowReader {
  /** Whether it ran when the audit began. */
  wasRunning(workflowId: string): boolean;
  /** How it stands now; one call each, so it is asked only where the store does not tell the end. */
  stateOf(workflowId: string): Promise<WorkflowFact>;
}

/** What an audit is about; everything in the store if nothing is given. */
export interface AuditScope {
  batchId?: string;
  /** Nothing that was begun before it, milliseconds since the epoch. */
  sinceMs?: number;
}
