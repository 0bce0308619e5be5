import type { Problem } from '../contracts/schemas/problems.ts';

/** One thing wrong in a manifest file; `field` says where in words, the rest says it to programs. */
export interface ManifestProblem extends Problem {
  /** From 1. */
  line?: number;
  /** Name of the column or JSON field. */
  column?: string;
  /** Character in the line, from 1. */
  char?: number;
}

/** One row before anything is known about its values; cells of a CSV are texts. */
export interface ManifestRow {
  place: Place;
  cells: Array<{ column: string; value: unknown }>;
}

/** Where a row is: a line of the file, or the n-th item of an array. */
export interface Place {
  line?: number;
  item?: number;
}

export interface ManifestRows {
  /** Where the columns are named, if they are named once for all rows. */
  header?: Place;
  rows: ManifestRow[];
  problems: ManifestProblem[];
}

/** `line 7`, `item 7` */
export function formatPlace(place: Place): string {
  return place.line === undefined ? `item ${place.item}` : `line ${place.line}`;
}

/** A problem at a place, such as `line 7, column market: …`. */
export function problemAt(
  place: Place,
  message: string,
  at: { column?: string; char?: number } = {},
): ManifestProblem {
  const parts = [formatPlace(place)];
  if (at.column !== undefined) parts.push(`column ${at.column}`);
  if (at.char !== undefined) parts.push(`character ${at.char}`);
  return {
    field: parts.join(', '),
    message,
    ...(place.line === undefined ? {} : { line: place.line }),
    ...at,
  };
}

/** Line and character, both from 1, of an offset into the text. */
export function positionOf(text: string, offset: number): { line: number; char: number } {
  const before = text.slice(0, offset);
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  return { line: before.split(/\r\n|\n|\r/).length, char: offset - lineStart + 1 };
}
