import { z } from 'zod';
import type { Answer, Citation, Product } from '../contracts/answer.ts';
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
  model: z.string().nullable(),
  cached: z.boolean().nullable(),
  charge: chargeSchema,
}) satisfies z.ZodType<Answer>;
