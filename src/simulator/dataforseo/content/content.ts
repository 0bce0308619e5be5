import type { Draft } from '../../draft.ts';
import type { Prose } from '../../prose.ts';
import type { Task } from '../task.ts';

/** What the result of a task is made from. */
export interface ContentInput {
  task: Task;
  draft: Draft;
  prose: Prose;
  /** The prose as markdown, padded if a knob says so. */
  markdown: string;
  /** How many results the pages have together. */
  results: number;
  resultsPerPage: number;
}

/** An element of `items`. */
export interface Item extends Record<string, unknown> {
  type: string;
}

/** A family's own fields of `result[0]` and its items; everything that families share is added to them. */
export type Content = (input: ContentInput) => { fields: Record<string, unknown>; items: Item[] };
