/** The simulator's own time: real time plus what control advanced it by. All values are milliseconds. */
export class SimulatorClock {
  offsetMs = 0;
  readonly #wall: () => number;

  /** `wall` is injected by tests; it must never go backwards. */
  constructor(wall: () => number = Date.now) {
    this.#wall = wall;
  }

  /** What the simulated provider takes for now, in every field and `Date` header. */
  nowMs(): number {
    return this.#wall() + this.offsetMs;
  }

  /** Real time, for what is judged in real time: rates and gaps between polls. */
  wallMs(): number {
    return this.#wall();
  }
}

/** ISO 8601 with the offset `+00:00`, as the vendor's examples write it. */
export function vendorTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+00:00');
}
