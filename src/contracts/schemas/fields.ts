import { z } from 'zod';
import { NAME_PATTERN } from '../ids.ts';
import { parseMarket } from '../market.ts';
import { parseCharge, toMicros } from '../money.ts';
import { parseScraper } from '../scrapers.ts';
import { showValue } from './problems.ts';

/** Ids stay far below Temporal's limit of 1,000 bytes when four of these are joined. */
export const MAX_NAME_CHARS = 100;
const MAX_LABEL_CHARS = 100;
const MAX_SUBMISSIONS = 10;
export const MAX_SAMPLES = 100;

/** The message of a value that is missing or of another kind, written once for every field. */
export function expects(what: string): (issue: { input?: unknown }) => string {
  return ({ input }) =>
    input === undefined ? `must be given: ${what}` : `must be ${what}, not ${showValue(input)}`;
}

/** A whole number within limits, both included. */
export function wholeNumber(min: number, max?: number): z.ZodInt {
  const error = expects(
    max === undefined ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
  );
  const atLeast = z.int({ error }).min(min, { error });
  return max === undefined ? atLeast : atLeast.max(max, { error });
}

/** Dollars that are a whole number of micro-dollars. */
export function dollars(): z.ZodNumber {
  const error = expects('dollars, 0 or more, with at most 6 decimals');
  return z.number({ error }).refine((usd) => toMicros(usd) !== undefined, { error });
}

/** An amount of money in words. */
export function chargeText(): z.ZodString {
  const error = expects('an amount such as "5 credits", "$0.01" or "5 credits + $0.01"');
  return z.string({ error }).refine((text) => parseCharge(text) !== undefined, { error });
}

/** What may stand in an id, a path and a URL; never `.` or `..`, which mean folders. */
export function name(): z.ZodType<string> {
  const error = expects(`a name of letters, digits, ".", "_" and "-" (at most ${MAX_NAME_CHARS})`);
  return z.string({ error }).refine(isName, { error });
}

export function isName(text: string): boolean {
  return NAME_PATTERN.test(text) && text.length <= MAX_NAME_CHARS && !/^\.{1,2}$/.test(text);
}

export const promptSchema = z.string({ error: expects('a text') }).superRefine((prompt, context) => {
  if (prompt.trim() === '') context.addIssue('must not be empty');
  // A lone half of a surrogate pair cannot be encoded in a URL, so it could never be sent.
  if (/\p{Surrogate}/u.test(prompt)) {
    context.addIssue('holds half a character (a lone surrogate); type it again');
  }
});

export const labelSchema = z.string({ error: expects('a text') }).superRefine((label, context) => {
  if (label.trim() === '') context.addIssue('must not be empty');
  if (/\p{Cc}/u.test(label)) context.addIssue('must not hold line breaks, tabs or other control characters');
  const length = Array.from(label).length;
  if (length > MAX_LABEL_CHARS) {
    context.addIssue(`must have at most ${MAX_LABEL_CHARS} characters, not ${length}`);
  }
});

const MARKET_FORM = 'a country or country/language such as "DE" or "US/en"';
export const marketSchema = z
  .string({ error: expects(MARKET_FORM) })
  .refine((market) => parseMarket(market) !== undefined, { error: expects(MARKET_FORM) });

export const scraperSchema = z
  .string({ error: expects('a scraper such as "scrapellm/chatgpt"') })
  .superRefine((text, context) => {
    const parsed = parseScraper(text);
    if (!parsed.ok) context.addIssue(parsed.message);
  });

export const scrapersSchema = z
  .array(scraperSchema, { error: expects('a list of scrapers such as ["scrapellm/chatgpt"]') })
  .min(1, { error: 'must name at least one scraper' });

export const paramsSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], { error: expects('a text, a number, true or false') }),
  { error: expects('an object such as {"web_search": false}') },
);

/** What a retried or repeated purchase may do, the same for a scrape and a batch. */
export const policyFields = {
  maxSubmissions: wholeNumber(1, MAX_SUBMISSIONS).optional(),
  onUnknown: z.enum(['fail', 'resubmit'], { error: expects('"fail" or "resubmit"') }).optional(),
  maxCredits: wholeNumber(0).optional(),
  maxUsd: dollars().optional(),
  maxCharge: chargeText().optional(),
};
