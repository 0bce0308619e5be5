import { CancellationScope, condition } from '@temporalio/workflow';
import type { AttachedOutcome } from '../activities/read-outcomes.ts';
import { storeActivities } from './activity-proxies.ts';

type Ended = Exclude<AttachedOutcome, { kind: 'running' }>;

/**
 * Scrapes that a partition cannot await as its children because they run already: they were started by the same
 * partition before it was reset. One activity a minute reads how all of them stand.
 */
export class AttachedScrapes {
  readonly #waiting = new Map<string, (ended: Ended) => void>();
  readonly #isCancelled: () => boolean;
  #unread = false;
  #looping = false;
  readonly #cancelled = new Set<string>();

  /** `isCancelled`: whether the partition was asked to stop; its cancel does not reach these scrapes by itself. */
  constructor(isCancelled: () => boolean) {
    this.#isCancelled = isCancelled;
  }

  /** Resolves when the scrape has ended. */
  async ended(scrapeId: string): Promise<Ended> {
    const ended = new Promise<Ended>((resolve) => this.#waiting.set(scrapeId, resolve));
    this.#unread = true;
    if (!this.#looping) {
      this.#looping = true;
      await Promise.all([ended, CancellationScope.nonCancellable(() => this.#loop())]);
    }
    return ended;
  }

  async #loop(): Promise<void> {
    while (this.#waiting.size > 0) {
      this.#unread = false;
      const scrapeIds = [...this.#waiting.keys()];
      const toCancel = this.#toCancel();
      if (toCancel.length > 0) {
        toCancel.forEach((scrapeId) => this.#cancelled.add(scrapeId));
        await storeActivities.cancelWorkflows.executeWithOptions({ summary: 'pass the cancel on' }, [
          { workflowIds: toCancel },
        ]);
      }
      const outcomes = await storeActivities.readOutcomes.executeWithOptions(
        { summary: `read ${scrapeIds.length} scrapes of the earlier run` },
        [{ scrapeIds }],
      );
      for (const outcome of outcomes) {
        if (outcome.kind === 'running') continue;
        this.#waiting.get(outcome.scrapeId)?.(outcome);
        this.#waiting.delete(outcome.scrapeId);
      }
      if (this.#waiting.size === 0) break;
      const news = (): boolean => this.#unread || this.#toCancel().length > 0;
      await condition(news, '1 minute', {
        summary: `until ${this.#waiting.size} scrapes of the earlier run end`,
      });
    }
    this.#looping = false;
  }

  /** Scrapes that were not told yet that this partition stops. */
  #toCancel(): string[] {
    if (!this.#isCancelled()) return [];
    return [...this.#waiting.keys()].filter((scrapeId) => !this.#cancelled.has(scrapeId));
  }
}
