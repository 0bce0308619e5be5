import { z } from 'zod';
import type { BatchInput, BatchItem } from '../batch.ts';
import {
  chargeText,
  expects,
  labelSchema,
  marketSchema,
  MAX_SAMPLES,
  name,
  paramsSchema,
  policyFields,
  promptSchema,
  scrapersSchema,
  wholeNumber,
} from './fields.ts';
import { type Problem, toJson, toProblems } from './problems.ts';

/** Prompts travel in the workflow's history, which holds them once a run and is read by everything that replays it. */
export const MAX_INLINE_BYTES = 100 * 1024;
const MAX_WINDOW = 2_000;

export type ParsedBatchInput = { ok: true; input: BatchInput } | { ok: false; problems: Problem[] };
export type ParsedBatchItems = { ok: true; items: BatchItem[] } | { ok: false; problems: Problem[] };

/** Reads what somebody typed as the input of `batchWorkflow`; reports every problem at once. Never throws. */
export function parseBatchInput(value: unknown): ParsedBatchInput {
  const parsed = batchSchema.safeParse(value, { reportInput: true });
  const problems = [
    ...(parsed.success ? [] : toProblems(parsed.error, KNOWN_FIELDS)),
    ...sourceProblems(value),
  ];
  return parsed.success && problems.length === 0 ? { ok: true, input: parsed.data } : { ok: false, problems };
}

/** Reads a list of items that was kept as JSON; its problems are named like those of inline `prompts`. */
export function parseBatchItems(value: unknown): ParsedBatchItems {
  const parsed = z
    .strictObject({ prompts: promptsSchema })
    .safeParse({ prompts: value }, { reportInput: true });
  if (parsed.success) return { ok: true, items: parsed.data.prompts };
  return { ok: false, problems: toProblems(parsed.error, KNOWN_FIELDS) };
}

const itemSchema = z.strictObject(
  {
    prompt: promptSchema,
    id: name().optional(),
    market: marketSchema.optional(),
    scrapers: scrapersSchema.optional(),
    label: labelSchema.optional(),
    params: paramsSchema.optional(),
    maxCharge: chargeText().optional(),
  },
  { error: expects('a text or an object with a "prompt"') },
) satisfies z.ZodType<BatchItem>;

const promptsSchema = z
  .array(
    z.preprocess((item) => (typeof item === 'string' ? { prompt: item } : item), itemSchema),
    { error: expects('a list of prompts') },
  )
  .min(1, { error: 'must hold at least one prompt' });

const STORE_KEY_FORM = 'the key that a client got when it stored the manifest';

const batchSchema = z.strictObject(
  {
    name: name(),
    prompts: promptsSchema.optional(),
    manifest: z
      .string({ error: expects(STORE_KEY_FORM) })
      .refine(isStoreKey, { error: expects(STORE_KEY_FORM) })
      .optional(),
    scrapers: scrapersSchema.optional(),
    samples: wholeNumber(1, MAX_SAMPLES).optional(),
    market: marketSchema.optional(),
    params: paramsSchema.optional(),
    label: labelSchema.optional(),
    account: name().optional(),
    ...policyFields,
    window: wholeNumber(1, MAX_WINDOW).optional(),
    retry: wholeNumber(1).optional(),
  },
  { error: expects('an object such as {"name": "…", "prompts": ["…"], "scrapers": ["scrapellm/chatgpt"]}') },
) satisfies z.ZodType<BatchInput>;

const KNOWN_FIELDS = { '': Object.keys(batchSchema.shape), 'prompts[]': Object.keys(itemSchema.shape) };

/** A key is typed by people too, so it must not lead out of the store. */
function isStoreKey(key: string): boolean {
  return key.split('/').every((part) => /^[A-Za-z0-9._-]+$/.test(part) && !/^\.{1,2}$/.test(part));
}

/** Prompts come from exactly one place, and inline ones are few. */
function sourceProblems(value: unknown): Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { prompts, manifest, retry } = value as { prompts?: unknown; manifest?: unknown; retry?: unknown }; // any object can be read this way
  if (retry !== undefined) return []; // its batch is in the store
  if (prompts === undefined && manifest === undefined) {
    return [
      { field: 'prompts', message: 'must be given: a list of prompts (or "manifest", a store reference)' },
    ];
  }
  if (manifest !== undefined) {
    return prompts === undefined
      ? []
      : [{ field: 'manifest', message: 'give prompts or a manifest, not both' }];
  }
  const bytes = Buffer.byteLength(toJson(prompts) ?? '');
  if (bytes <= MAX_INLINE_BYTES) return [];
  const message =
    `${Math.ceil(bytes / 1024)} KB inline, at most ${MAX_INLINE_BYTES / 1024} KB: ` +
    'use a manifest file ("gleaner batch <file>") or the store reference of one in "manifest"';
  return [{ field: 'prompts', message }];
}
