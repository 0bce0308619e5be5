import { createHash } from 'node:crypto';

/** A stream of random numbers that is the same for the same parts, whatever else happened before. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  chance(probability: number): boolean;
  /** Whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  exponential(mean: number): number;
  /** Log-normal by its median and 95th percentile. */
  logNormal(median: number, p95: number): number;
}

/**
 * Opens the stream that these parts name. Every job and every answer has its own, so that the order in which requests
 * arrive changes nothing.
 */
export function randomStream(...parts: readonly (string | number)[]): Random {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  const next = sfc32(digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8));
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    chance: (probability) => next() < probability,
    between,
    // Index within bounds for every list that is not empty, and no caller has an empty one.
    pick: <T>(items: readonly T[]) => items[between(0, items.length - 1)] as T,
    exponential: (mean) => -mean * Math.log(1 - next()),
    logNormal: (median, p95) => median * Math.exp((normal(next) * Math.log(p95 / median)) / Z95),
  };
}

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6449;

/** Box-Muller; `1 -` keeps the logarithm away from zero. */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Small fast counter generator (PractRand's sfc32): three words of state and a counter. */
function sfc32(a: number, b: number, c: number): () => number {
  let counter = 1;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
}
