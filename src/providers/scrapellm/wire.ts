import { z } from 'zod';

/**
 * ScrapeLLM's JSON as it comes. Lenient: unknown fields are left aside, an optional field of another type counts as
 * absent, a list drops the items that cannot be read. The raw body is stored, so nothing is lost by it.
 */
const text = z.string().optional().catch(undefined);

function listOf<T>(item: z.ZodType<T>) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((rows) =>
      rows.map((row) => item.safeParse(row)).flatMap((read) => (read.success ? [read.data] : [])),
    );
}

/** A link, a source, a citation or a preview; copilot gives bare addresses too. */
const reference = z.union([
  z.string().transform((url) => ({ url })),
  z.object({
    url: z.string(),
    title: text,
    text,
    snippet: text,
    preview: text,
    highlights: listOf(z.string()),
    website_name: text,
  }),
]);
export type Reference = z.output<typeof reference> &
  Partial<Record<OptionalText, string>> & { highlights?: string[] };
type OptionalText = 'title' | 'text' | 'snippet' | 'preview' | 'website_name';

const number = z.union([z.number(), z.string()]).optional().catch(undefined);
const product = z.object({ asin: text, title: text, url: text, rating: number, reviews: number });
export type WireProduct = z.output<typeof product>;

const references = listOf<Reference>(reference);

export const resultSchema = z.object({
  result: text,
  result_markdown: text,
  llm_model: text,
  credits_used: number,
  cached: z.boolean().optional().catch(undefined),
  citations: references,
  sources: references,
  links: references,
  web_sources: references,
  x_results: references,
  search_results: references,
  search_queries: listOf(z.string()),
  related_questions: listOf(z.string()),
  products: listOf(product),
});
export type WireResult = z.output<typeof resultSchema>;

/** `GET /jobs/{job_id}`. `completed_at` may be null or absent while pending. */
export const jobSchema = z.object({
  job_id: text,
  status: z.string(),
  completed_at: text,
  error: text,
  result: z.unknown().optional(),
});

/** `POST /scrapers/{scraper}/jobs`: only the id is documented. Ids that cannot stand in an address are no ids. */
export const submittedSchema = z.object({
  job_id: z.string().regex(/^[\x21-\x7e]{1,512}$/),
  created_at: text,
});

/** The body of an error; `detail` is a list where the framework itself answers. */
export const errorSchema = z.object({ detail: z.union([z.string(), z.array(z.unknown())]) });

/** Milliseconds since the epoch of a time stamp; one without a zone is UTC. NaN if it cannot be read. */
export function parseTime(stamp: string | undefined): number {
  if (stamp === undefined) return Number.NaN;
  return Date.parse(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(stamp) ? `${stamp}Z` : stamp);
}
