/** A fault that fell on a call or a task, as it happened. */
export interface FallenFault {
  /** Real time, milliseconds since the epoch. */
  atMs: number;
  on: 'submit' | 'poll' | 'task_post' | 'read' | 'task';
  fault: string;
  /** Prompts or keywords that it fell on; none for a call about many, such as a list. */
  prompts: readonly string[];
}

/** The older half of more than this many is forgotten. */
const MAX_FALLEN = 200_000;

/** Which faults really fell, in this run: rates alone do not tell what a test has seen. */
export class FaultLog {
  readonly fallen: FallenFault[] = [];

  note(atMs: number, on: FallenFault['on'], fault: string, prompts: readonly string[]): void {
    if (fault === 'none' || fault === 'duration') return;
    this.fallen.push({ atMs, on, fault, prompts });
    if (this.fallen.length > MAX_FALLEN) this.fallen.splice(0, MAX_FALLEN / 2);
  }
}
