import type { FiledSubmission } from './evidence.ts';
import type { Fault } from './fault-book.ts';

/** How often a fault was made, and how often it hit a scrape between its intent and its record. Only those count. */
export interface FaultCount {
  made: number;
  /** Faults that hit at least one scrape. */
  hit: number;
  /** Scrapes that were hit, over all faults of the kind. */
  scrapes: number;
}

/** A scrape that can be hit. */
export interface Target {
  mark: string;
  scraper: string;
}

/** A scrape's time at risk, milliseconds since the epoch. */
export interface AtRisk extends Target {
  fromMs: number;
  toMs: number;
}

/** From the first intent of each submission to its verdict or its doubt, which comes right before the record. */
export function risksOf({ mark, scraper }: Target, submissions: readonly FiledSubmission[]): AtRisk[] {
  return submissions.map(({ begunAtMs, endedAtMs = Number.POSITIVE_INFINITY }) => ({
    mark,
    scraper,
    fromMs: begunAtMs,
    toMs: endedAtMs,
  }));
}

export function countHits(
  faults: readonly Fault[],
  risks: readonly AtRisk[],
  markOfTask: ReadonlyMap<string, string>,
): Record<string, FaultCount> {
  const byMark = new Map<string, AtRisk[]>();
  for (const risk of risks) byMark.set(risk.mark, [...(byMark.get(risk.mark) ?? []), risk]);
  const counts: Record<string, FaultCount> = {};
  for (const fault of faults) {
    const count = (counts[fault.kind] ??= { made: 0, hit: 0, scrapes: 0 });
    const isOfMany = fault.everybody === true || fault.provider !== undefined;
    const candidates = isOfMany
      ? risks.filter((risk) => concerns(fault, risk, markOfTask))
      : [...marksOf(fault, markOfTask)].flatMap((mark) => byMark.get(mark) ?? []);
    const hit = candidates.filter(({ fromMs, toMs }) => fromMs <= fault.atMs && fault.atMs <= toMs);
    const scrapes = new Set(hit.map(({ mark }) => mark)).size;
    count.made += 1;
    count.scrapes += scrapes;
    if (scrapes > 0) count.hit += 1;
  }
  return counts;
}

/** Whether a fault was one of those that a scrape had to live through, if it came while it was at risk. */
export function concerns(
  fault: Fault,
  { mark, scraper }: Target,
  markOfTask: ReadonlyMap<string, string>,
): boolean {
  if (fault.everybody) return true;
  if (fault.provider !== undefined && scraper.startsWith(`${fault.provider}/`)) return true;
  return marksOf(fault, markOfTask).has(mark);
}

function marksOf({ marks = [], ids = [] }: Fault, markOfTask: ReadonlyMap<string, string>): Set<string> {
  return new Set([...marks, ...ids.flatMap((id) => markOfTask.get(id) ?? [])]);
}
