/** A clock that stands for hours in minutes: real time (if it is not to stand still), and what was skipped of it. */
export interface VirtualTime {
  now: () => number;
  skip: (ms: number) => void;
}

/**
 * Puts `Date` forward for everything of ours in this process, the simulator included, so that waits of minutes cost none.
 * To be called before anything else is made; timers and `performance.now()` stay real. `standsStill`: only skips move it, so
 * that a busy machine changes nothing.
 */
export function installVirtualTime(standsStill = false): VirtualTime {
  const RealDate = globalThis.Date;
  let skippedMs = 0;
  const begunMs = RealDate.now();
  const now = (): number => (standsStill ? begunMs : RealDate.now()) + skippedMs;
  class ShiftedDate extends RealDate {
    constructor(...given: [] | [number | string]) {
      super(given.length === 0 ? now() : given[0]);
    }
    static override now(): number {
      return now();
    }
  }
  // It has the same statics by inheritance, and is never called as a function here.
  globalThis.Date = ShiftedDate as DateConstructor;
  return { now, skip: (ms) => void (skippedMs += Math.max(0, ms)) };
}
