/** What a collector remembers of the tasks that it told of, so that a hint is repeated seldom; lost with its process. */
export class HintBook {
  readonly #told = new Map<string, { times: number; lastMs: number; heard: boolean }>();

  /** Whether to tell of a listed task now: at once, and then after 1, 3, 9 … minutes while it is listed still. */
  isDue(taskId: string, nowMs: number): boolean {
    const told = this.#told.get(taskId);
    return !told || nowMs - told.lastMs >= REPEAT_MS * REPEAT_GROWTH ** (told.times - 1);
  }

  /** `heard`: whether its scrape was there to be told. */
  told(taskId: string, nowMs: number, heard: boolean): void {
    this.#told.set(taskId, { times: (this.#told.get(taskId)?.times ?? 0) + 1, lastMs: nowMs, heard });
    if (this.#told.size > MAX_TASKS) this.#forgetOldest();
  }

  /** Whether a scrape of ours waits for this task, as far as is known. */
  isAwaited(taskId: string): boolean {
    return this.#told.get(taskId)?.heard ?? false;
  }

  /** A map keeps the order in which keys came. */
  #forgetOldest(): void {
    const [oldest] = this.#told.keys();
    if (oldest !== undefined) this.#told.delete(oldest);
  }
}

/** A look may have to wait for its turn: each hint of it is four events of its scrape. */
const REPEAT_MS = 60_000;
const REPEAT_GROWTH = 3;
const MAX_TASKS = 50_000;
