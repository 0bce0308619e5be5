/** What was started, to be ended in reverse order. */
export interface StopList {
  readonly signal: AbortSignal;
  /** Throws once it is aborted; `stop` is kept all the same. */
  add(stop: () => Promise<void>): void;
  /** Whoever starts things ends with the next one. */
  abort(): void;
  stopAll(): Promise<void>;
}

/** Every start is added as soon as it is done, so that an interrupt at any moment leaves no process behind. */
export function createStopList(): StopList {
  const abort = new AbortController();
  const stops: Array<() => Promise<void>> = [];
  return {
    signal: abort.signal,
    add(stop) {
      stops.push(stop);
      abort.signal.throwIfAborted();
    },
    abort: () => abort.abort(),
    async stopAll() {
      for (const stop of stops.splice(0).toReversed()) await stop();
    },
  };
}
