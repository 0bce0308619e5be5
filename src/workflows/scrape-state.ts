import { setCurrentDetails } from '@temporalio/workflow';
import type { CompletedHint, ScrapeProgress } from '../contracts/messages.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';

export const NOT_STARTED: ScrapeProgress = { state: 'submitting', submission: 1, detail: 'starting' };

/** What a scrape knows of itself while it runs: the hints that came and where it stands. */
export class ScrapeState {
  readonly #ref: ScrapeRef;
  /** By task; whether its result was posted. */
  readonly #hints = new Map<string, boolean>();
  #progress: ScrapeProgress = NOT_STARTED;

  constructor(ref: ScrapeRef) {
    this.#ref = ref;
  }

  /** A hint may come before we know that the task is ours, so every task id is kept until it is asked for. */
  hint(hint: CompletedHint): void {
    if (typeof hint?.taskId !== 'string' || this.#hints.size >= MAX_HINTS) return;
    this.#hints.set(hint.taskId, hint.posted === true || this.#hints.get(hint.taskId) === true);
  }

  hinted(taskId: string): boolean {
    return this.#hints.has(taskId);
  }

  /** A hint is good for one look; undefined if there is none. */
  takeHint(taskId: string): { posted: boolean } | undefined {
    const posted = this.#hints.get(taskId);
    this.#hints.delete(taskId);
    return posted === undefined ? undefined : { posted };
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
