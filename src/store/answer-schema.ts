import { z } from 'zod';
import type { Answer, Citation, Product, RankedItem } from '../contracts/answer.ts';
import { chargeSchema, paramsSchema, scraperSchema } from './scrape-schemas.ts';

const citationSchema = z.looseObject({
  url: z.string(),
  domain: z.string(),
  title: z.string().optional(),
  snippet: z.string().optional(),
  siteName: z.string().optional(),
}) satisfies z.ZodType<Citation>;

const productSchema = z.looseObject({
  id: z.string().optional(),
  title: z.string().optional(),
  url: z.string().optional(),
  rating: z.number().optional(),
  reviews: z.number().optional(),
}) satisfies z.ZodType<Product>;

const rankedItemSchema = z.looseObject({
  rank: z.number(),
  type: z.string(),
  url: z.string().optional(),
  domain: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  imageUrl: z.string().optional(),
  raw: z.unknown().optional(),
}) satisfies z.ZodType<RankedItem>;

/** A stored answer, as it is read back. */
export const answerSchema = z.looseObject({
  scraper: scraperSchema,
  prompt: z.string(),
  market: z.string(),
  params: paramsSchema,
  text: z.string(),
  citations: z.array(citationSchema).nullable(),
  fanOutQueries: z.array(z.string()).nullable(),
  followUps: z.array(z.string()).nullable(),
  products: z.array(productSchema).nullable(),
  // Answers of 0.1.0 lack it.
  ranks: z.array(rankedItemSchema).nullable().default(null),
  model: z.string().nullable(),
  cached: z.boolean().nullable(),
  charge: chargeSchema,
}) satisfies z.ZodType<Answer>;
