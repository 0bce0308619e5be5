import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Ceiling } from '../contracts/ceiling.ts';
import type { Charge } from '../contracts/money.ts';
// The purse of a part of a batch is the one state machine for money, which imports contracts only.
// oxlint-disable-next-line typescript/no-restricted-imports -- ledger/budget.ts is pure and runs in the sandbox (decision 24)
import { Budget } from '../ledger/budget.ts';
import { storeActivities } from './activity-proxies.ts';
import type { PageBuyer } from './page-buyer.ts';
import { wasReset } from './was-reset.ts';
import type { Work } from './work.ts';

/** What a partition needs to tell its purse. */
interface PurseOptions {
  /** What may be spent from now on; undefined without a ceiling. */
  ceiling: Ceiling | undefined;
  pages: PageBuyer;
  isStopped: () => boolean;
  /** Scrapes that are left to do, as it is at any time. */
  todo: readonly Work[];
}

/** A partition's money: grants it to one scrape after the other, and lets those wait that others may give some back to. */
export class Purse {
  readonly #options: PurseOptions;
  readonly #budget: Budget;
  /** Rows that wait for money until a scrape gives some back. */
  #waiting: Array<() => void> = [];
  /** Scrapes that were taken from `todo` and not granted yet. */
  readonly #asking = new Set<Work>();
  /** What was set aside for scrapes that an earlier run began, by id. */
  readonly #begun = new Map<string, Charge>();
  #counting: Promise<void> | undefined;
  /** Runs that counted them: a run that was reset twice to later and later points replays the count of the one before. */
  readonly #countedBy: string[] = [];

  constructor(options: PurseOptions) {
    this.#options = options;
    this.#budget = new Budget(options.ceiling);
  }

  get left(): Ceiling {
    return this.#budget.left;
  }

  get isWaitedFor(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Before anything is taken from `todo`. Of a partition that is reset to a point in its middle, the earlier run went on from
   * there and spent: that is set aside once, at the first moment that is not a replay. Undefined if there is nothing to do.
   */
  beforeNext(): Promise<void> | undefined {
    const { ceiling, isStopped } = this.#options;
    if (!ceiling || isStopped()) return undefined;
    if (this.#countedBy.at(-1) === workflowInfo().runId) return undefined;
    if (!this.#counting && wasReset(`grant-${this.#countedBy.length + 1}`)) {
      this.#counting = this.#countBegun();
    }
    return this.#counting;
  }

  /** Money for one purchase; waits while others may give back what is short. False if there is none. */
  async grant(work: Work): Promise<boolean> {
    const { pages, isStopped } = this.#options;
    this.#asking.add(work);
    for (;;) {
      for (let counting = this.beforeNext(); counting; counting = this.beforeNext()) await counting;
      const granted = this.#takeBegun(work) || this.#budget.grant(work.bound);
      if (granted || !this.#budget.mayBeGrantedLater(work.bound) || isStopped()) {
        this.#asking.delete(work);
        return granted;
      }
      pages.forget();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** A scrape that was granted `bound` ended having spent `spent` of it. */
  giveBack({ bound }: Work, spent: Charge): void {
    this.#budget.settle(bound, spent);
    this.#wakeAll();
  }

  /** Adds `more` to the ceiling, in the currencies that it limits. */
  raise(more: Charge): void {
    this.#budget.raise(more);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) {
      this.#options.pages.expect(); // before any of them runs, so that they are seen to come together
      wake();
    }
  }

  /** Past the ceiling if need be: the earlier run was granted it, and what it bought is paid. */
  async #countBegun(): Promise<void> {
    const { todo } = this.#options;
    const scrapes = [...this.#asking, ...todo].map(({ row, spent, bound }) => ({
      scrapeId: row.scrapeId,
      spent,
      bound,
    }));
    const begun = await CancellationScope.nonCancellable(() =>
      storeActivities.readBegun.executeWithOptions(
        { summary: 'what did the run before the reset begin since?' },
        [{ scrapes }],
      ),
    );
    for (const { scrapeId, mayCost } of begun.scrapes) {
      this.#budget.settle(this.#begun.get(scrapeId) ?? {}, {}); // counted by another run, and not come to since
      this.#budget.setAside(mayCost);
      this.#begun.set(scrapeId, mayCost);
    }
    this.#countedBy.push(begun.runId);
    this.#counting = undefined;
    this.#wakeAll();
  }

  #takeBegun(work: Work): boolean {
    const { scrapeId } = work.row;
    const mayCost = this.#begun.get(scrapeId);
    if (mayCost === undefined) return false;
    this.#begun.delete(scrapeId);
    work.bound = mayCost;
    return true;
  }
}
