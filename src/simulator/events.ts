import type { DataForSeoEvent } from './dataforseo/events.ts';
import type { Job } from './job.ts';

/**
 * Everything that changes what the simulator owes or remembers. State is nothing but these events applied in order, so
 * that a restarted simulator that reads its file knows the same jobs and the same money. Knobs and scripts are not in it.
 */
export type SimulatorEvent =
  | { type: 'reset'; seed: string; credits: Record<string, number> }
  | { type: 'funded'; key: string; credits: number }
  | { type: 'advanced'; ms: number }
  /** A valid submit; without a job it was turned away. */
  | { type: 'submitted'; identity: string; job?: Job }
  /** Control made these jobs end. */
  | { type: 'finished'; jobIds: string[]; atMs: number }
  /** A poll or sync call was told how the job ended. */
  | { type: 'delivered'; jobId: string; atMs: number }
  | { type: 'violated'; violation: Violation }
  | { type: 'dataforseo'; event: DataForSeoEvent };

/** Something no well-behaved client does. */
export interface Violation {
  rule: 'poll after a terminal state' | 'poll within a second of the last';
  jobId: string;
  atMs: number;
}
