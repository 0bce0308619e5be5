/** Whom a fault was aimed at. With nothing of this it hit nothing that we know. */
export interface Aim {
  /** Whatever was open. */
  everybody?: true;
  /** Whatever was open of this provider: a call about many, such as a list. */
  provider?: 'scrapellm' | 'dataforseo';
  /** Marks of the prompts. */
  marks?: readonly string[];
  /** Provider's task ids, where no mark was to be seen. */
  ids?: readonly string[];
}

/** One thing that the adversary did. */
export interface Fault extends Aim {
  atMs: number;
  kind: string;
  /** For people who read a trace. */
  about?: string;
}

export const EVERYBODY: Aim = { everybody: true };

/** What the adversary did, in its order. */
export class FaultBook {
  readonly faults: Fault[] = [];

  note(kind: string, more: Omit<Fault, 'kind' | 'atMs'> = {}): void {
    this.faults.push({ atMs: Date.now(), kind, ...more });
  }
}
