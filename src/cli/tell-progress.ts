import { logUpdateStderr } from 'log-update';
import type { BatchStatus } from '../client/batch-status.ts';
import { describeBatch } from './show-batch.ts';
import { TERMINAL } from './terminal.ts';

/** How progress is told: redrawn in a terminal, or as lines of text or of JSON to one of the streams. */
export type Telling = 'live' | 'lines-to-out' | 'lines-to-err' | 'json';

/** Tells every look of a batch, redrawn or as calm lines without control codes. Resolves with the last look. */
export async function tellProgress(
  looks: AsyncIterable<BatchStatus>,
  telling: Telling,
): Promise<BatchStatus | undefined> {
  const calm = new CalmLines();
  let last: BatchStatus | undefined;
  for await (const status of looks) {
    last = status;
    if (status.state !== 'running') break; // its end is for the caller to tell
    if (telling === 'live') logUpdateStderr(describeBatch(status));
    else if (calm.isNews(status, performance.now())) tellLine(status, telling);
  }
  if (telling === 'live') logUpdateStderr.clear();
  return last;
}

/** A batch as `status --json` prints it, in one line. */
export function jsonLine(status: BatchStatus): string {
  return JSON.stringify(batchJson(status));
}

/** A batch as `--json` prints it. */
export function batchJson({ progress, state, startedAt, pace, waiting }: BatchStatus): object {
  return {
    ...progress,
    state,
    startedAt,
    ...(pace && { pace }),
    ...(waiting !== undefined && { waiting }),
  };
}

function tellLine(status: BatchStatus, telling: Exclude<Telling, 'live'>): void {
  if (telling === 'json') TERMINAL.out(jsonLine(status));
  else if (telling === 'lines-to-out') TERMINAL.out(describeBatch(status));
  else TERMINAL.say(describeBatch(status));
}

/** Few enough lines for a log that is kept. */
const LINE_EVERY_MS = 10_000;

/** A change of the counts is told every ten seconds, a new reason to wait at once; the same again is not told. */
export class CalmLines {
  #toldMs = Number.NEGATIVE_INFINITY;
  #counts = '';
  #waiting: string | undefined = '';

  isNews({ progress, waiting }: BatchStatus, nowMs: number): boolean {
    const counts = JSON.stringify([progress.counts, progress.inFlight]);
    const reason = waiting?.replace(/\d+/g, ''); // how many wait, and until when, is no news
    const due = nowMs - this.#toldMs >= LINE_EVERY_MS && counts !== this.#counts;
    if (!due && reason === this.#waiting) return false;
    [this.#toldMs, this.#counts, this.#waiting] = [nowMs, counts, reason];
    return true;
  }
}
