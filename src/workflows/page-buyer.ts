import { CancellationScope, condition } from '@temporalio/workflow';
import type { PageOutcome } from '../contracts/page-purchase.ts';
import type { ScrapeInput } from '../contracts/scrape.ts';
import { toRef } from '../contracts/to-ref.ts';
import { pageActivities, storeActivities } from './activity-proxies.ts';
import { cancelRequested } from './cancel-requested.ts';
import type { PageKind } from './page-order.ts';

/** A scrape that waits for its page to be bought. */
interface Waiting {
  scrapeId: string;
  input: ScrapeInput;
  settle: (outcome: PageOutcome) => void;
}

interface OpenPage {
  rows: Waiting[];
  closed: boolean;
  /** Whether a timer will close it. */
  timed: boolean;
}

const ALONE: PageOutcome = { kind: 'alone' };

/**
 * How long a page waits for places in the window to become free. Tasks take minutes, so that this costs little, and a
 * call for each that ends would be a call a scrape.
 */
const FILL_TIME = '1 minute';

/**
 * Collects the scrapes of a partition's lanes into pages and buys each page in one call. A page is bought when it is full
 * or when nothing can be added to it any more: the lanes say how many of them are on their way here (`expect`, `forget`).
 */
export class PageBuyer {
  readonly #fairnessKey: string;
  readonly #mayGrow: (key: string) => boolean;
  readonly #open = new Map<string, OpenPage>();
  /** Lanes that have taken a row and have not come here with it yet. */
  #coming = 0;

  /** `mayGrow`: whether the next row that a lane takes belongs to pages of this key. */
  constructor(batchId: string, mayGrow: (key: string) => boolean) {
    this.#fairnessKey = batchId.slice(0, 64);
    this.#mayGrow = mayGrow;
  }

  /** A lane has taken a row, and pages wait for what becomes of it. */
  expect(): void {
    this.#coming += 1;
  }

  /** That row is not bought, or not now. */
  forget(): void {
    this.#coming -= 1;
    if (this.#coming === 0) this.#closeThoseThatWait();
  }

  /** Buys an expected row with others of its kind, or leaves it `alone`; never throws. */
  async buy(scrapeId: string, input: ScrapeInput, kind: PageKind | undefined): Promise<PageOutcome> {
    if (!kind || cancelRequested()) {
      this.forget();
      return ALONE;
    }
    return new Promise((settle) => {
      const page = this.#open.get(kind.key) ?? { rows: [], closed: false, timed: false };
      this.#open.set(kind.key, page);
      page.rows.push({ scrapeId, input, settle });
      if (page.rows.length >= kind.size) this.#close(kind.key, page);
      this.forget();
    });
  }

  /** All that can come now is here: a page that the next rows do not belong to is as full as it gets. */
  #closeThoseThatWait(): void {
    for (const [key, page] of this.#open) {
      if (this.#mayGrow(key)) void this.#closeInTime(key, page);
      else this.#close(key, page);
    }
  }

  async #closeInTime(key: string, page: OpenPage): Promise<void> {
    if (page.timed) return;
    page.timed = true;
    await condition(() => page.closed, FILL_TIME).catch(() => false); // a cancel closes it too
    this.#close(key, page);
  }

  #close(key: string, page: OpenPage): void {
    if (page.closed) return;
    page.closed = true;
    this.#open.delete(key);
    void this.#purchase(page.rows);
  }

  async #purchase(rows: Waiting[]): Promise<void> {
    const outcomes = await this.#outcomes(rows);
    rows.forEach(({ settle }, index) => settle(outcomes[index] ?? ALONE));
  }

  async #outcomes(waiting: Waiting[]): Promise<PageOutcome[]> {
    const [first] = waiting;
    if (!first || waiting.length === 1 || cancelRequested()) return [];
    const rows = waiting.map(({ scrapeId, input }) => ({ scrapeId, input }));
    const ref = toRef(first.scrapeId, first.input);
    try {
      return await pageActivities(ref).submitPage.executeWithOptions(
        {
          summary: `buy ${rows.length} × ${ref.scraper}`,
          // As the scrapes of the batch: behind single ones, and fair to other batches.
          priority: { priorityKey: 5, fairnessKey: this.#fairnessKey },
        },
        [{ rows }],
      );
    } catch {
      // Cancelled between two tries. What it began or bought before is settled and collected.
      return CancellationScope.nonCancellable(() =>
        storeActivities.recallPage.executeWithOptions(
          { summary: `cancelled: was any of ${rows.length} bought?` },
          [{ rows }],
        ),
      );
    }
  }
}
