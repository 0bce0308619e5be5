import { z } from 'zod';
import type { Random } from './random.ts';

/**
 * What may go wrong with a submit. The `-after` ones and everything from `slow` on happen once the job is made and
 * charged: the client cannot tell, which is what they are for.
 */
export const SUBMIT_FAULTS = [
  'rate-limited',
  'queue-full',
  'credit-limit',
  'error-500',
  'error-503',
  'error-504',
  'reset-before',
  'reset-after',
  'error-500-after',
  'error-504-after',
  'slow',
  'no-job-id',
  'garbage-body',
  'fail-job',
  'empty-answer',
] as const;
export type SubmitFault = (typeof SUBMIT_FAULTS)[number];

export const POLL_FAULTS = [
  'rate-limited',
  'error-500',
  'error-502',
  'html-body',
  'garbage-body',
  'not-found',
  'unknown-status',
  'reset',
  'slow',
] as const;

/** One entry of a script: `none` lets the call through, `duration` gives the new job `ms` to live until its outcome. */
const submitStepSchema = z.strictObject({
  fault: z.enum(['none', 'duration', ...SUBMIT_FAULTS]),
  ms: z.number().min(0).optional(),
});
const pollStepSchema = z.strictObject({
  fault: z.enum(['none', ...POLL_FAULTS]),
  ms: z.number().min(0).optional(),
  status: z.string().min(1).optional(),
});
export type SubmitStep = z.infer<typeof submitStepSchema>;
export type PollStep = z.infer<typeof pollStepSchema>;

/** For whom a script is: a key, a scraper, or (neither) everybody. A new one replaces the old one. */
const target = { key: z.string().min(1).optional(), scraper: z.string().min(1).optional() };
export const scriptSchema = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('submit'), ...target, steps: z.array(submitStepSchema) }),
  z.strictObject({ on: z.literal('poll'), ...target, steps: z.array(pollStepSchema) }),
]);
export type Script = z.infer<typeof scriptSchema>;

/** Scripted sequences, one step consumed per call; the key's comes before the scraper's, that before everybody's. */
export class FaultScripts {
  readonly #submit = new Map<string, SubmitStep[]>();
  readonly #poll = new Map<string, PollStep[]>();

  set(script: Script): void {
    const name = targetName(script);
    if (script.on === 'submit') this.#submit.set(name, [...script.steps]);
    else this.#poll.set(name, [...script.steps]);
  }

  clear(): void {
    this.#submit.clear();
    this.#poll.clear();
  }

  nextSubmit(key: string, scraper: string): SubmitStep | undefined {
    return takeNext(this.#submit, key, scraper);
  }

  nextPoll(key: string, scraper: string): PollStep | undefined {
    return takeNext(this.#poll, key, scraper);
  }

  /** Steps not consumed yet, per call and target. */
  remaining(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [name, steps] of this.#submit) counts[`submit ${name}`] = steps.length;
    for (const [name, steps] of this.#poll) counts[`poll ${name}`] = steps.length;
    return counts;
  }
}

/** The fault that the rates give this call, if any: each fault has its own draw, in the order of the list. */
export function drawFault<F extends string>(
  faults: readonly F[],
  rates: Partial<Record<F, number>>,
  random: Random,
): F | undefined {
  return faults.filter((fault) => random.chance(rates[fault] ?? 0))[0];
}

function targetName(target: { key?: string | undefined; scraper?: string | undefined }): string {
  if (target.key !== undefined) return `key ${target.key}`;
  return target.scraper === undefined ? 'all' : `scraper ${target.scraper}`;
}

function takeNext<S>(scripts: Map<string, S[]>, key: string, scraper: string): S | undefined {
  for (const name of [targetName({ key }), targetName({ scraper }), targetName({})]) {
    const step = scripts.get(name)?.shift();
    if (step !== undefined) return step;
  }
  return undefined;
}
