import { z } from 'zod';
import type { Random } from '../random.ts';

/** What may go wrong with the answer of a call. Up to `root-error` nothing was done; with the others it was. */
export const CALL_FAULTS = [
  'drop-before',
  'http-error',
  'root-error',
  'drop-after',
  'http-error-after',
  'root-error-after',
  'slow',
  'garbage-body',
  'html-body',
  'huge-body',
  'false-gzip',
] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

/** What may be wrong with the result of a task. */
export const RESULT_FAULTS = [
  'null-result',
  'null-items',
  'null-item',
  'unknown-item',
  'huge-result',
] as const;
export type ResultFault = (typeof RESULT_FAULTS)[number];

/** What may go wrong with the calls to the client's own addresses. */
export const CALLBACK_FAULTS = [
  'callback-lost',
  'callback-tripled',
  'callback-late',
  'callback-early',
  'postback-no-encoding',
  'postback-not-gzip',
  'postback-not-json',
  'postback-huge',
] as const;
export type CallbackFault = (typeof CALLBACK_FAULTS)[number];

/** What may become of a task; one task can have several. */
export const TASK_FAULTS = [
  'rejected',
  'engine-error',
  'no-results',
  'execution-failed',
  'stuck',
  'hidden',
  'never-listed',
  'listed-late',
  'listed-twice',
  'listed-before-postback',
  'searched-late',
  'searched-without-tag',
  'refund-withheld',
  'overcharged',
  ...RESULT_FAULTS,
  ...CALLBACK_FAULTS,
] as const;
export type TaskFault = (typeof TASK_FAULTS)[number];

/** The vendor's calls, by what they do. */
const CALLS = [
  'task_post',
  'task_get',
  'tasks_ready',
  'tasks_fixed',
  'id_list',
  'errors',
  'user_data',
  'webhook_resend',
  'other',
] as const;
export type CallName = (typeof CALLS)[number];

/**
 * One step of a call: `code` is the root code of `root-error` (50000), `status` the HTTP status of `http-error` (502),
 * `ms` how slow, `bytes` how huge.
 */
const callStepSchema = z.strictObject({
  fault: z.enum(['none', ...CALL_FAULTS]),
  code: z.number().int().optional(),
  status: z.number().int().min(400).max(599).optional(),
  ms: z.number().min(0).optional(),
  bytes: z.number().int().min(0).optional(),
});
export type CallStep = z.infer<typeof callStepSchema>;

/**
 * One step of a task: `durationMs` is its time to the end, `code` and `message` those of `rejected`, `ms` the time of
 * every lag.
 */
const taskStepSchema = z.strictObject({
  faults: z.array(z.enum(TASK_FAULTS)).default([]),
  durationMs: z.number().min(0).optional(),
  code: z.number().int().optional(),
  message: z.string().optional(),
  ms: z.number().min(0).optional(),
});
export type TaskStep = z.infer<typeof taskStepSchema>;

/** For what a script is: the tasks and calls of a tag, a keyword or a family, or (none of them) all. */
const target = {
  tag: z.string().min(1).optional(),
  keyword: z.string().min(1).optional(),
  family: z.string().min(1).optional(),
};
export const dataForSeoScriptSchema = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('task'), ...target, steps: z.array(taskStepSchema) }),
  z.strictObject({
    on: z.literal('call'),
    /** All calls if not given. */
    call: z.enum(CALLS).optional(),
    ...target,
    steps: z.array(callStepSchema),
  }),
]);
/** What one writes; `faults` may be left out. */
export type DataForSeoScript = z.input<typeof dataForSeoScriptSchema>;

/** All faults that the rates give a task; each has its own draw, in the order of the list. */
export function drawFaults<F extends string>(
  faults: readonly F[],
  rates: Partial<Record<F, number>>,
  random: Random,
): F[] {
  return faults.filter((fault) => random.chance(rates[fault] ?? 0));
}
