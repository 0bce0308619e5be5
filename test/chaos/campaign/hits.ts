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

/** A scrape's time at risk, milliseconds since the epoch. */
export interface AtRisk {
  mark: string;
  fromMs: number;
  toMs: number;
}

/** From the first intent of each submission to its verdict or its doubt, which comes right before the record. */
export function risksOf(mark: string, submissions: readonly FiledSubmission[]): AtRisk[] {
  return submissions.map(({ begunAtMs, endedAtMs = Number.POSITIVE_INFINITY }) => ({
    mark,
    fromMs: begunAtMs,
    toMs: endedAtMs,
  }));
}

export function countHits(
  faults: readonly Fault[],
  risks: readonly AtRisk[],
  markOfTask: ReadonlyMap<string, string>,
): Record<string, FaultCount> {
  const sorted = risks.toSorted((a, b) => a.fromMs - b.fromMs);
  const byMark = new Map<string, AtRisk[]>();
  for (const risk of sorted) byMark.set(risk.mark, [...(byMark.get(risk.mark) ?? []), risk]);
  const counts: Record<string, FaultCount> = {};
  for (const fault of faults) {
    const count = (counts[fault.kind] ??= { made: 0, hit: 0, scrapes: 0 });
    const aimed = aimOf(fault, markOfTask);
    const candidates = aimed ? aimed.flatMap((mark) => byMark.get(mark) ?? []) : sorted;
    const scrapes = candidates.filter(
      ({ fromMs, toMs }) => fromMs <= fault.atMs && fault.atMs <= toMs,
    ).length;
    count.made += 1;
    count.scrapes += scrapes;
    if (scrapes > 0) count.hit += 1;
  }
  return counts;
}

/** Whether a fault was one of those that a scrape of this mark had to live through. */
export function concerns(fault: Fault, mark: string, markOfTask: ReadonlyMap<string, string>): boolean {
  return aimOf(fault, markOfTask)?.includes(mark) ?? true;
}

/** Undefined: whatever was open. */
function aimOf(
  { marks = [], ids = [] }: Fault,
  markOfTask: ReadonlyMap<string, string>,
): string[] | undefined {
  if (marks.length === 0 && ids.length === 0) return undefined;
  return [...marks, ...ids.flatMap((id) => markOfTask.get(id) ?? [])];
}
