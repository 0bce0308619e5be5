import { randomUUID } from 'node:crypto';
import { DEFAULT_ACCOUNT, singleScrapeId } from '../contracts/ids.ts';
import { fingerprintOf, toRequest } from '../contracts/schemas/scrape-request.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeInput, ScrapeRequest } from '../contracts/scrape.ts';
import { providerOf } from '../providers/registry.ts';
import type { ClientContext } from './client-context.ts';
import { excerpt } from './excerpt.ts';
import { GleanerError, invalidInput } from './gleaner-error.ts';
import { attributePairs } from './search-attributes.ts';
import { readStartInput, startOnce } from './start-workflow.ts';

export interface StartedScrape {
  scrapeId: string;
  runId: string;
  /** A scrape of this id and content was there already; nothing new was started. */
  attached: boolean;
  startedAt: string;
  /** The most that one submission of it can cost. */
  bound: Charge;
}

/** Ids of this form are the batches' and our own. */
const RESERVED_ID = /^(batch\/[^/]+(\/p\d+)?|gleaner\/.*|collector\/.*)$/;
/** Temporal's own limit on ids is 1,000 bytes. */
const MAX_ID_BYTES = 900;

/**
 * Starts a scrape, or attaches to the one that has this id. Throws `GleanerError`: `invalid-input` with every problem, or
 * `conflict` if the id was used for another prompt. Either way nothing was bought.
 */
export async function startScrape(
  context: ClientContext,
  input: ScrapeInput,
  options: { id?: string } = {},
): Promise<StartedScrape> {
  const request = checkScrape(input, options.id);
  const { temporal } = await context.forBuying();
  const scrapeId = options.id ?? singleScrapeId(request.scraper, randomUUID());
  const account = input.account ?? DEFAULT_ACCOUNT;
  await assertSamePurchase(context, scrapeId, request);
  const run = await startOnce(temporal, 'scrapeWorkflow', {
    workflowId: scrapeId,
    args: [input],
    staticSummary: `${request.scraper} · ${excerpt(request.prompt, 80)}`,
    // Before the scrapes of batches, which have 5: somebody waits for this one.
    priority: { priorityKey: 1 },
    ...((await context.searchAttributes()) && {
      typedSearchAttributes: attributePairs({
        Scraper: request.scraper,
        Account: account,
        Label: input.label,
        BatchId: input.batchId,
      }),
    }),
  });
  if (run.attached) await assertSameRun(context, scrapeId, run.runId, request);
  return {
    scrapeId,
    runId: run.runId,
    attached: run.attached,
    startedAt: run.startedAt.toISOString(),
    bound: providerOf(request.scraper).priceBound(request),
  };
}

/** Everything wrong with an input and its id, before anything is started. */
export function checkScrape(input: ScrapeInput, id?: string): ScrapeRequest {
  const resolved = toRequest(input);
  const problems = resolved.ok
    ? [...providerOf(resolved.request.scraper).validate(resolved.request)]
    : [...resolved.problems];
  const idProblem = id === undefined ? undefined : idProblemOf(id);
  if (idProblem !== undefined) problems.push({ field: 'id', message: idProblem });
  if (!resolved.ok || problems.length > 0) throw invalidInput(problems);
  return resolved.request;
}

function idProblemOf(id: string): string | undefined {
  if (id.trim() === '' || /[\p{Cc}\s]/u.test(id))
    return 'must be a text without spaces or control characters';
  if (Buffer.byteLength(id) > MAX_ID_BYTES) return `must have at most ${MAX_ID_BYTES} bytes`;
  if (RESERVED_ID.test(id))
    return `"${id}" is an id that Gleaner gives itself; use another, such as "my/${id.split('/').pop()}"`;
  return undefined;
}

/** The journal knows what an id bought for good; Temporal forgets runs. */
async function assertSamePurchase(
  { store }: ClientContext,
  scrapeId: string,
  request: ScrapeRequest,
): Promise<void> {
  const first = await store.journal.read(scrapeId, 1);
  if (first && first.intent.fingerprint !== fingerprintOf(request)) {
    throw otherScrape(scrapeId, first.intent.request, request, first.intent.createdAt);
  }
}

/** A run that waits for a worker has written nothing yet, so its input is compared. */
async function assertSameRun(
  context: ClientContext,
  scrapeId: string,
  runId: string,
  request: ScrapeRequest,
): Promise<void> {
  const { temporal } = await context.forBuying();
  const standing = toRequest((await readStartInput(temporal, scrapeId, runId)) as ScrapeInput); // toRequest parses it
  if (standing.ok && fingerprintOf(standing.request) !== fingerprintOf(request)) {
    throw otherScrape(scrapeId, standing.request, request);
  }
}

function otherScrape(
  id: string,
  standing: ScrapeRequest,
  wanted: ScrapeRequest,
  since?: string,
): GleanerError {
  const when = since === undefined ? '' : ` of ${since.slice(0, 10)}`;
  return new GleanerError(
    'conflict',
    `the id ${id} belongs to another scrape${when} (${describe(standing)}) than this one (${describe(wanted)}). ` +
      'Use another --id; nothing was bought',
  );
}

function describe({ scraper, market, prompt }: ScrapeRequest): string {
  return `${scraper}, ${market}, "${excerpt(prompt, 80)}"`;
}
