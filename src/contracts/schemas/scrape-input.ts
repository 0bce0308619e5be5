import { z } from 'zod';
import type { Failure } from '../failures.ts';
import type { ScrapeInput } from '../scrape.ts';
import {
  expects,
  isName,
  labelSchema,
  marketSchema,
  MAX_SAMPLES,
  name,
  paramsSchema,
  policyFields,
  promptSchema,
  scraperSchema,
  wholeNumber,
} from './fields.ts';
import { type Problem, toProblems } from './problems.ts';

export type ParsedScrapeInput = { ok: true; input: ScrapeInput } | { ok: false; problems: Problem[] };

/** Reads what somebody typed as the input of `scrapeWorkflow`; reports every problem at once. Never throws. */
export function parseScrapeInput(value: unknown): ParsedScrapeInput {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { ok: true, input: parsed.data };
  return { ok: false, problems: toProblems(parsed.error, { '': Object.keys(schema.shape) }) };
}

const BATCH_ID_FORM = 'the id of a batch such as "batch/demo"';

const schema = z.strictObject(
  {
    scraper: scraperSchema,
    prompt: promptSchema,
    market: marketSchema.optional(),
    params: paramsSchema.optional(),
    account: name().optional(),
    label: labelSchema.optional(),
    ...policyFields,
    batchId: z
      .string({ error: expects(BATCH_ID_FORM) })
      .refine((id) => id.startsWith('batch/') && isName(id.slice('batch/'.length)), {
        error: expects(BATCH_ID_FORM),
      })
      .optional(),
    batchRun: name().optional(),
    item: name().optional(),
    sample: wholeNumber(1, MAX_SAMPLES).optional(),
    retry: z
      .looseObject(
        {
          n: wholeNumber(1),
          from: wholeNumber(1),
          last: z.custom<Failure>((value) => typeof value === 'object').optional(),
        },
        { error: expects('what a retry writes; leave it out') },
      )
      .optional(),
  },
  { error: expects('an object such as {"scraper": "scrapellm/chatgpt", "prompt": "…"}') },
) satisfies z.ZodType<ScrapeInput>;
