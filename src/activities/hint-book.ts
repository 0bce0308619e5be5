/** What a collector remembers of the tasks that it told of, so that a hint is repeated seldom; lost with its process. */
export class HintBook {
  readonly #told = new Map<string, { times: number; lastMs: number; heard: boolean }>();

  /**
   * Whether to tell of a listed task now: at once, and while it is listed still after 1, 3, 9 … minutes if no scrape was there
   * to hear it, after 3, 9, 27 … if one was.
   */
  isDue(taskId: string, nowMs: number): boolean {
    const told = this.#told.get(taskId);
    if (!told) return true;
    const firstMs = told.heard ? HEARD_REPEAT_MS : UNHEARD_REPEAT_MS;
    return nowMs - told.lastMs >= firstMs * REPEAT_GROWTH ** (told.times - 1);
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

const UNHEARD_REPEAT_MS = 60_000;
/** A signal is not lost, and the look that it causes may have to wait for its turn: another one is four events of its scrape. */
const HEARD_REPEAT_MS = 180_000;
const REPEAT_GROWTH = 3;
const MAX_TASKS = 50_000;
