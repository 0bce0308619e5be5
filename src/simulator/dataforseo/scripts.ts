import type { z } from 'zod';
import type { CallName, CallStep, dataForSeoScriptSchema, TaskStep } from './faults.ts';

type Script = z.output<typeof dataForSeoScriptSchema>;

/** What a call or a task can be addressed by. */
export interface Marks {
  tags: readonly string[];
  keywords: readonly string[];
  family?: string | undefined;
}

/** Scripted sequences, one step a call or task: the tag's come before the keyword's, the family's, everybody's. */
export class Scripts {
  readonly #tasks = new Map<string, TaskStep[]>();
  readonly #calls = new Map<string, CallStep[]>();

  /** Replaces the steps of the same target. */
  set(script: Script): void {
    const [name = 'all'] = targets({
      tags: script.tag === undefined ? [] : [script.tag],
      keywords: script.keyword === undefined ? [] : [script.keyword],
      family: script.family,
    });
    if (script.on === 'task') this.#tasks.set(name, [...script.steps]);
    else this.#calls.set(`${script.call ?? 'any'} ${name}`, [...script.steps]);
  }

  clear(): void {
    this.#tasks.clear();
    this.#calls.clear();
  }

  nextTask(marks: Marks): TaskStep | undefined {
    return takeFirst(this.#tasks, targets(marks));
  }

  nextCall(call: CallName, marks: Marks): CallStep | undefined {
    if (this.#calls.size === 0) return undefined;
    return takeFirst(
      this.#calls,
      targets(marks).flatMap((name) => [`${call} ${name}`, `any ${name}`]),
    );
  }

  /** Steps not consumed yet, per call and target. */
  remaining(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [name, steps] of this.#tasks) counts[`task ${name}`] = steps.length;
    for (const [name, steps] of this.#calls) counts[`call ${name}`] = steps.length;
    return counts;
  }
}

function targets({ tags, keywords, family }: Marks): string[] {
  return [
    ...tags.map((tag) => `tag ${tag}`),
    ...keywords.map((keyword) => `keyword ${keyword}`),
    ...(family === undefined ? [] : [`family ${family}`]),
    'all',
  ];
}

function takeFirst<S>(scripts: Map<string, S[]>, names: string[]): S | undefined {
  for (const name of names) {
    const step = scripts.get(name)?.shift();
    if (step !== undefined) return step;
  }
  return undefined;
}
