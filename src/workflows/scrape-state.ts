import { setCurrentDetails } from '@temporalio/workflow';
import type { CompletedHint, ScrapeProgress } from '../contracts/messages.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';

export const NOT_STARTED: ScrapeProgress = { state: 'submitting', submission: 1, detail: 'starting' };

/** What a scrape knows of itself while it runs: the hints that came and where it stands. */
export class ScrapeState {
  readonly #ref: ScrapeRef;
  readonly #hints = new Set<string>();
  #progress: ScrapeProgress = NOT_STARTED;

  constructor(ref: ScrapeRef) {
    this.#ref = ref;
  }

  /** A hint may come before we know that the task is ours, so every task id is kept until it is asked for. */
  hint(hint: CompletedHint): void {
    if (typeof hint?.taskId === 'string' && this.#hints.size < MAX_HINTS) this.#hints.add(hint.taskId);
  }

  hinted(taskId: string): boolean {
    return this.#hints.has(taskId);
  }

  /** Whether there is a hint, which is good for one look. */
  takeHint(taskId: string): boolean {
    return this.#hints.delete(taskId);
  }

  get progress(): ScrapeProgress {
    return this.#progress;
  }

  /** Moves on and says so on the workflow's page in the Temporal UI. */
  enter(state: ScrapeProgress['state'], submission: number, detail: string): void {
    this.#progress = { ...this.#progress, state, submission, detail };
    setCurrentDetails(
      [
        `**${state}**: ${detail}`,
        '',
        `- scraper: \`${this.#ref.scraper}\`, market ${this.#ref.market}, account ${this.#ref.account}`,
        `- submission ${submission}`,
        ...(state === 'submitting' || state === 'waiting' ? [WHY_LONG] : []),
      ].join('\n'),
    );
  }
}

/** The workflow is told nothing of an activity that is tried again. */
const WHY_LONG =
  '- what holds it up (an account, the network, a limit) is the last failure of its pending activity';

/** Hints of foreign tasks must not grow without bound; ours are one a submission. */
const MAX_HINTS = 100;
