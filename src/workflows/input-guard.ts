import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { BatchInput } from '../contracts/batch.ts';
import { NAME_PATTERN } from '../contracts/ids.ts';
import { parseCharge, toMicros } from '../contracts/money.ts';
import { nearest } from '../contracts/nearest.ts';
import type { PagePurchase } from '../contracts/page-purchase.ts';
import type { ScrapeInput, ScrapeRef } from '../contracts/scrape.ts';
import { parseScraper } from '../contracts/scrapers.ts';
import { toRef } from '../contracts/to-ref.ts';
import { boughtProblem } from './bought-guard.ts';

/** A scrape's input with what its partition bought of it set apart: activities get the input alone. */
export interface GuardedScrape {
  ref: ScrapeRef;
  input: ScrapeInput;
  bought: PagePurchase | undefined;
}

/**
 * Guards the shape of an input that may have been typed into the Temporal UI, by hand because zod does not belong in
 * the sandbox. It stops what would break workflow code; the first activity validates everything.
 */
export function guardScrapeInput(input: unknown): GuardedScrape {
  const fields = objectOf(input, SCRAPE_FIELDS, '{"scraper":"scrapellm/chatgpt","prompt":"…"}');
  const parsed = parseScraper(stringOf(fields, 'scraper'));
  if (!parsed.ok) throw invalid(`scraper: ${parsed.message}`);
  if (stringOf(fields, 'prompt').trim() === '') throw invalid('prompt: must not be empty');
  for (const field of ['market', 'account', 'label', 'batchId', 'batchRun', 'item'] as const)
    optionalString(fields, field);
  const { account } = fields;
  if (typeof account === 'string' && !NAME_PATTERN.test(account)) {
    throw invalid(`account: only letters, digits, ".", "_" and "-", got ${show(account)}`);
  }
  wholeNumber(fields, 'maxSubmissions', 1);
  wholeNumber(fields, 'maxCredits', 0);
  dollars(fields, 'maxUsd');
  amount(fields, 'maxCharge');
  oneOf(fields, 'onUnknown', ['fail', 'resubmit']);
  const { workflowId } = workflowInfo();
  retryFields(fields);
  const problem = fields['bought'] === undefined ? undefined : boughtProblem(fields['bought'], workflowId);
  if (problem) throw invalid(`bought: ${problem}`);
  const { bought, ...rest } = fields as unknown as ScrapeInput; // every field used here is checked
  const checked = { ...rest, scraper: parsed.scraper };
  return { ref: toRef(workflowId, checked), input: checked, bought };
}

/** The same for a batch. */
export function guardBatchInput(input: unknown): BatchInput {
  const fields = objectOf(input, BATCH_FIELDS, '{"name":"…","prompts":["…"],"scrapers":["…"]}');
  const name = fields['name'] === undefined ? nameOfRun() : stringOf(fields, 'name');
  if (!NAME_PATTERN.test(name))
    throw invalid(`name: only letters, digits, ".", "_" and "-", got ${show(name)}`);
  if (fields['prompts'] !== undefined && !Array.isArray(fields['prompts'])) {
    throw invalid(`prompts: expected a list, got ${show(fields['prompts'])}`);
  }
  optionalString(fields, 'manifest');
  wholeNumber(fields, 'retry', 1);
  const hasItems = fields['prompts'] !== undefined || fields['manifest'] !== undefined;
  if (!hasItems && fields['retry'] === undefined) throw invalid('prompts: missing');
  wholeNumber(fields, 'window', 1);
  wholeNumber(fields, 'maxCredits', 0);
  dollars(fields, 'maxUsd');
  amount(fields, 'maxCharge');
  wholeNumber(fields, 'maxSubmissions', 1);
  return { ...(fields as unknown as BatchInput), name }; // every field used before planBatch is checked
}

/** A schedule starts the same input again and again under ids that end in the time: each run is a batch of its own. */
function nameOfRun(): string {
  return workflowInfo()
    .workflowId.replace(/^batch\//, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-');
}

const SCRAPE_FIELDS = [
  'scraper',
  'prompt',
  'market',
  'params',
  'account',
  'label',
  'batchId',
  'batchRun',
  'item',
  'sample',
  'maxSubmissions',
  'onUnknown',
  'maxCredits',
  'maxUsd',
  'maxCharge',
  'bought',
  'retry',
];
const BATCH_FIELDS = [
  'name',
  'prompts',
  'manifest',
  'scrapers',
  'samples',
  'market',
  'params',
  'label',
  'account',
  'maxCredits',
  'maxUsd',
  'maxCharge',
  'window',
  'maxSubmissions',
  'onUnknown',
  'retry',
];

type Fields = Record<string, unknown>;

function objectOf(input: unknown, known: readonly string[], example: string): Fields {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid(`expected one JSON object such as ${example}, got ${show(input)}`);
  }
  const fields = input as Fields; // an object that is no array
  for (const field of Object.keys(fields)) {
    if (known.includes(field)) continue;
    const near = nearest(field, known);
    throw invalid(
      `${field}: unknown field${near ? `, did you mean "${near}"?` : ''} Known: ${known.join(', ')}`,
    );
  }
  return fields;
}

function stringOf(fields: Fields, field: string): string {
  const value = fields[field];
  if (value === undefined) throw invalid(`${field}: missing`);
  if (typeof value !== 'string') throw invalid(`${field}: expected text, got ${show(value)}`);
  return value;
}

function optionalString(fields: Fields, field: string): void {
  if (fields[field] !== undefined) stringOf(fields, field);
}

function wholeNumber(fields: Fields, field: string, min: number): void {
  const value = fields[field];
  if (value === undefined || (Number.isInteger(value) && Number(value) >= min)) return;
  throw invalid(`${field}: expected a whole number of at least ${min}, got ${show(value)}`);
}

function dollars(fields: Fields, field: string): void {
  const value = fields[field];
  if (value === undefined || (typeof value === 'number' && toMicros(value) !== undefined)) return;
  throw invalid(`${field}: expected dollars of at least 0 with at most 6 decimals, got ${show(value)}`);
}

function amount(fields: Fields, field: string): void {
  const value = fields[field];
  if (value === undefined || (typeof value === 'string' && parseCharge(value))) return;
  throw invalid(`${field}: expected an amount such as "5 credits" or "$0.01", got ${show(value)}`);
}

/** What workflow code reads of a retry; the activities check the rest. */
function retryFields(fields: Fields): void {
  if (fields['retry'] === undefined) return;
  const retry = objectOf(fields['retry'], ['n', 'from', 'last'], '{"n":1,"from":2}');
  for (const field of ['n', 'from']) {
    if (retry[field] === undefined) throw invalid(`retry.${field}: missing`);
    wholeNumber(retry, field, 1);
  }
  if (retry['last'] === undefined) return;
  const last = objectOf(retry['last'], ['type', 'message'], '{"type":"TaskFailed","message":"…"}');
  for (const field of ['type', 'message']) stringOf(last, field);
}

function oneOf(fields: Fields, field: string, values: readonly string[]): void {
  const value = fields[field];
  if (value === undefined || (typeof value === 'string' && values.includes(value))) return;
  throw invalid(`${field}: expected ${values.join(' or ')}, got ${show(value)}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

function invalid(problem: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`input.${problem}`, 'InvalidInput');
}
