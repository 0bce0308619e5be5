import { z } from 'zod';

/**
 * DataForSEO's JSON as it comes: every field may be missing, unknown ones are kept, ones of another type count as absent.
 * The raw body is stored, so nothing is lost by it.
 */
const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
/** Codes are numbers in the envelope and texts in lists. */
const code = z
  .union([
    z.number().int(),
    z
      .string()
      .regex(/^\d{5}$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);
const object = z.record(z.string(), z.unknown());
const list = z.array(z.unknown()).nullish().catch(undefined);

const taskSchema = z.object({
  id: text,
  status_code: code,
  status_message: text,
  cost: number,
  path: z.array(z.string()).optional().catch(undefined),
  data: object.optional().catch(undefined),
  result_count: number,
  result: z.unknown().optional(),
});
export type WireTask = z.output<typeof taskSchema>;

const envelopeSchema = z.object({
  status_code: z.number().int(),
  status_message: text,
  tasks: list,
});

export interface Envelope {
  code: number;
  message: string;
  /** Those that can be read; `undefined` keeps the place of one that cannot. */
  tasks: Array<WireTask | undefined>;
}

/** The frame of every answer; undefined if the body is not DataForSEO's. */
export function readEnvelope(json: unknown): Envelope | undefined {
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { status_code, status_message = '', tasks } = parsed.data;
  return {
    code: status_code,
    message: status_message,
    tasks: (tasks ?? []).map((task) => taskSchema.safeParse(task).data),
  };
}

/** A field of a task's echo; undefined if it is no text or blank. */
export function echoed({ data }: WireTask, field: string): string | undefined {
  const value = data?.[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Ids look like UUIDs and are none: version and variant digits are free. Source: every id on the vendor's pages.
 */
export function isTaskId(id: string | undefined): id is string {
  return id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

/** Whole micro-dollars of a cost such as 0.00045; undefined if it is none. */
export function toMicros(cost: unknown): number | undefined {
  if (typeof cost !== 'number' || !Number.isFinite(cost) || cost < 0) return undefined;
  const micros = Math.round(cost * 1_000_000);
  return Number.isSafeInteger(micros) ? micros : undefined;
}

/** Milliseconds since the epoch of `2026-11-20 09:12:04 +00:00`, also with `+0000` or without a zone (UTC). */
export function parseTime(stamp: unknown): number | undefined {
  const match =
    typeof stamp === 'string'
      ? /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?: ?([+-]\d\d):?(\d\d)| ?Z)?$/.exec(stamp.trim())
      : null;
  if (!match) return undefined;
  const [, day, time, hours = '+00', minutes = '00'] = match;
  const ms = Date.parse(`${day}T${time}${hours}:${minutes}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A time as the vendor writes it, cut to whole seconds. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} +00:00`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list, without what is none; a missing list is an empty one. */
export function objectsOf(value: unknown): Array<Record<string, unknown>> {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text without blanks around it; undefined if there is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
