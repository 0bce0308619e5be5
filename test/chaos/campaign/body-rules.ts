import { isDeepStrictEqual } from 'node:util';
import type { FiledSubmission, Job } from './evidence.ts';
import type { Breach, Case } from './rules.ts';

const HOUR_MS = 3_600_000;

/** Where `Case.delivered` has what the provider tells of a job in one of its forms. */
export function deliveryKey(jobId: string, variant: string): string {
  return `${jobId} ${variant}`;
}

/** Forms of a result that a submission asked for, the one that is its result first. */
export function variantsOf({ receipt }: Pick<FiledSubmission, 'receipt'>): string[] {
  return receipt?.variants ?? ['advanced'];
}

/** Whether all of an answer is in the store, in every form that was asked for, and nothing else under its name. */
export function judgeBody(
  { scraper, bodies, delivered }: Pick<Case, 'scraper' | 'bodies' | 'delivered'>,
  job: Job,
  { submission, ageMs }: { submission: FiledSubmission; ageMs: number },
): Breach[] {
  const { verdict } = submission;
  const lost = (text: string): Breach => ({ rule: 'lost result', text: `${job.id}: ${text}` });
  const [first = '', ...others] = variantsOf(submission);
  const wrongOf = (path: string | undefined, variant: string): string | undefined =>
    wrongWith(path === undefined ? undefined : bodies.get(path), job, {
      result: delivered.get(deliveryKey(job.id, variant)),
    });
  const breaches: Breach[] = [];
  const wrong = wrongOf(verdict?.result?.path, first);
  if (wrong !== undefined) breaches.push(lost(wrong));
  const told = delivered.get(deliveryKey(job.id, first));
  if (verdict?.outcome === 'empty' && holdsSomething(told, { scraper, variant: first }))
    breaches.push(lost('its verdict says "empty", and there is something in it'));
  for (const variant of others) {
    const stored = verdict?.result?.variants?.find((each) => each.variant === variant);
    const trouble = stored && wrongOf(stored.path, variant);
    if (trouble !== undefined) breaches.push(lost(`${variant}: ${trouble}`));
    // One that cannot be had within an hour of the end is left out.
    if (!stored && ageMs < HOUR_MS) breaches.push(lost(`${variant} is not there`));
  }
  return breaches;
}

/** Whether an answer tells nothing of what was given back: it ended well, and there is no page in it. */
export function tellsNothing(text: string | undefined): boolean {
  const body = text === undefined ? undefined : parse(text);
  return body !== undefined && body.code === 20_000 && (body.result === null || isOnlyNull(body.result));
}

function isOnlyNull(result: unknown): boolean {
  return Array.isArray(result) && result.every((page) => page === null);
}

/** `result` is what the provider tells. */
function wrongWith(text: string | undefined, job: Job, { result }: { result: unknown }): string | undefined {
  if (text === undefined) return 'no whole body is stored';
  const body = parse(text);
  if (body === undefined) return 'the stored body is not whole';
  if (body.id !== job.id) return 'the stored body is that of another job';
  if (result === undefined) return 'the provider knows nothing of what is stored';
  return isDeepStrictEqual(body.result, result)
    ? undefined
    : 'the stored body is not what the provider tells';
}

/** Id, result and code in an answer of either provider; undefined if it is not whole. */
function parse(text: string): { id: unknown; result: unknown; code?: number } | undefined {
  try {
    // As a provider sent it.
    const body = JSON.parse(text) as {
      job_id?: unknown;
      result?: unknown;
      tasks?: Array<{ id: unknown; result: unknown; status_code: number }>;
    };
    const [task] = body.tasks ?? [];
    if (!task) return { id: body.job_id, result: body.result };
    return { id: task.id, result: task.result, code: task.status_code };
  } catch {
    return undefined;
  }
}

/** Whether there is anything in a result that somebody would want to read. */
function holdsSomething(
  result: unknown,
  { scraper, variant }: { scraper: string; variant: string },
): boolean {
  if (scraper.startsWith('scrapellm/')) {
    const { result: text, result_markdown: markdown } = (result ?? {}) as Record<string, unknown>;
    return [text, markdown].some((each) => typeof each === 'string' && each !== '');
  }
  const [page] = (result ?? []) as Array<{ markdown?: unknown; items?: unknown } | null>;
  if (typeof page?.markdown === 'string' && page.markdown !== '') return true;
  const items = (Array.isArray(page?.items) ? page.items : []) as Array<{ type: string } | null>;
  const isOfOverviews = OVERVIEWS.has(scraper) && variant === 'advanced';
  return items.some((item) => item !== null && (!isOfOverviews || item.type === 'ai_overview'));
}

/** Of these an AI overview is what was asked for; the rest of the page is not. */
const OVERVIEWS = new Set(['dataforseo/google-ai-overview', 'dataforseo/google-ai-mode']);
