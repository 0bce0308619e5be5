/** One thing that the adversary did. */
export interface Fault {
  atMs: number;
  kind: string;
  /** Marks of the prompts that it was aimed at; absent: it hit whatever was open. */
  marks?: readonly string[];
  /** Provider's task ids that it was aimed at, where no mark was to be seen. */
  ids?: readonly string[];
  /** For people who read a trace. */
  about?: string;
}

/** What the adversary did, in its order. */
export class FaultBook {
  readonly faults: Fault[] = [];

  note(kind: string, more: Omit<Fault, 'kind' | 'atMs'> = {}): void {
    this.faults.push({ atMs: Date.now(), kind, ...more });
  }
}
