/** What was started, to be ended in reverse order. */
export interface StopList {
  /** Aborted before anything is stopped. */
  readonly signal: AbortSignal;
  /** If everything was stopped already, `stop` is called at once. */
  add(stop: () => Promise<void>): Promise<void>;
  stopAll(): Promise<void>;
}

/** Every start is added as soon as it is done, so that an interrupt at any moment leaves no process behind. */
export function createStopList(): StopList {
  const abort = new AbortController();
  const stops: Array<() => Promise<void>> = [];
  return {
    signal: abort.signal,
    async add(stop) {
      if (abort.signal.aborted) await stop();
      else stops.push(stop);
      abort.signal.throwIfAborted();
    },
    async stopAll() {
      abort.abort();
      for (const stop of stops.splice(0).toReversed()) await stop();
    },
  };
}
