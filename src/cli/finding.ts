/** One line of the doctor. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail';
  what: string;
  detail: string;
  /** What to do about it. */
  fix?: string;
}

export type AddFinding = (finding: Finding) => void;

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
