/** A running partition is asked for its progress by every status, and may be open for one slow scrape. */
const MAX_RUNNING = 16;

/** How the pages of a batch run in one window. */
export interface SharedWindowOptions {
  /** Pages to run, in order; more may be added while others run. */
  todo: number[];
  /** Runs one to its end. */
  run: (page: number) => Promise<void>;
  /** How many shares the window has. */
  shares: number;
  /** Places of a share, with which each page is begun. */
  share: number;
}

/** Runs pages side by side, so that the places which they may take together are never more than the window has. */
export class SharedWindow {
  readonly #options: SharedWindowOptions;
  /** The running pages, and how many places each of them may still take. */
  readonly #taken = new Map<number, number>();
  #begin = (): void => undefined;

  constructor(options: SharedWindowOptions) {
    this.#options = options;
  }

  /** Ends when there is none to run any more; throws as soon as one does. */
  async runAll(): Promise<void> {
    const { todo, run, share } = this.#options;
    return new Promise((resolve, reject) => {
      this.#begin = () => {
        while (this.#hasRoom()) {
          const page = todo.shift();
          if (page === undefined) break;
          this.#taken.set(page, share);
          run(page).then(() => this.#end(page), reject);
        }
        if (this.#taken.size === 0) resolve();
      };
      this.#begin();
    });
  }

  /** So many scrapes of a running page are open, so that it takes no more places than that from now on. */
  opens(page: number, scrapes: number): void {
    const places = this.#taken.get(page);
    if (places === undefined || scrapes >= places) return;
    this.#taken.set(page, scrapes);
    this.#begin();
  }

  #end(page: number): void {
    this.#taken.delete(page);
    this.#begin();
  }

  #hasRoom(): boolean {
    const { shares, share } = this.#options;
    const taken = [...this.#taken.values()].reduce((sum, places) => sum + places, 0);
    return this.#taken.size < MAX_RUNNING && taken + share <= shares * share;
  }
}
