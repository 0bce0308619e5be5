/** How fast a batch goes. */
export interface Pace {
  /** Scrapes that ended a minute, whatever their outcome. */
  perMinute: number;
  /** What that was measured over, milliseconds: since its start, or the last minute while it is watched. */
  overMs: number;
  /** Until the open ones have ended too at this pace, milliseconds; absent while nothing ends. */
  leftMs?: number;
}

/** How far a batch was at a time. */
export interface Mark {
  /** Milliseconds of any clock. */
  atMs: number;
  ended: number;
}

/** The pace from one mark to a later one; undefined if they are at the same time. */
export function paceBetween(from: Mark, to: Mark, open: number): Pace | undefined {
  const overMs = to.atMs - from.atMs;
  if (overMs <= 0) return undefined;
  const perMs = Math.max(0, to.ended - from.ended) / overMs;
  return {
    perMinute: Math.round(perMs * 60_000 * 10) / 10,
    overMs,
    ...(perMs > 0 && { leftMs: Math.round(open / perMs) }),
  };
}

/** A minute is long enough to even out answers that come in groups, and short enough to show what just changed. */
const RECENT_MS = 60_000;
/** Below this the pace since the start says more. */
const MIN_RECENT_MS = 10_000;

/** The pace over the last minute of looks that follow each other. */
export class RecentPace {
  #marks: Mark[] = [];

  /** Takes a look; undefined while the looks do not reach back far enough. */
  look(mark: Mark, open: number): Pace | undefined {
    this.#marks.push(mark);
    // The newest mark that is a minute old stays, so that a whole minute is measured.
    while ((this.#marks[1]?.atMs ?? mark.atMs) <= mark.atMs - RECENT_MS) this.#marks.shift();
    const first = this.#marks[0] ?? mark;
    return mark.atMs - first.atMs < MIN_RECENT_MS ? undefined : paceBetween(first, mark, open);
  }
}
