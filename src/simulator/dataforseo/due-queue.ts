/** Things that become due at a time, earliest first: a binary heap, so that 100,000 of them cost little. */
export class DueQueue<T> {
  readonly #heap: Array<{ atMs: number; item: T }> = [];

  get nextAtMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  add(atMs: number, item: T): void {
    const entry = { atMs, item };
    let at = this.#heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#heap[parent];
      if (!above || above.atMs <= atMs) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = entry;
  }

  /** Removes and returns everything that is due by now, in the order of its times. */
  takeDue(nowMs: number): T[] {
    const due: T[] = [];
    while ((this.nextAtMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      const first = this.#heap[0];
      const last = this.#heap.pop();
      if (!first || !last) break;
      due.push(first.item);
      if (this.#heap.length > 0) this.#sink(last);
    }
    return due;
  }

  /** Puts an entry in place of the first one. */
  #sink(entry: { atMs: number; item: T }): void {
    let at = 0;
    for (;;) {
      const left = this.#heap[2 * at + 1];
      const right = this.#heap[2 * at + 2];
      const child = right && left && right.atMs < left.atMs ? 2 * at + 2 : 2 * at + 1;
      const below = this.#heap[child];
      if (!below || below.atMs >= entry.atMs) break;
      this.#heap[at] = below;
      at = child;
    }
    this.#heap[at] = entry;
  }
}
