import type { Book, Books } from './books.ts';

/** One thing that has to be true, with what was counted. */
export interface Check {
  name: string;
  figure: string;
  ok: boolean;
  /** The scrapes that it speaks of, or what was said. */
  about: string[];
}

export function allOf({ batch, single }: Books): Book[] {
  return single ? [...batch, single] : batch;
}

export function idsOf(books: readonly Book[]): string[] {
  return books.map(({ scrapeId }) => scrapeId);
}

export function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
