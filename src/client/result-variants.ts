import type { Submission } from '../contracts/journal.ts';
import type { ResultRef, ScrapeRecord, ScrapeRequest, StoredVariant } from '../contracts/scrape.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { ResultVariant } from '../providers/provider.ts';
import { providerOf } from '../providers/registry.ts';
import type { Store } from '../store/store.ts';
import { GleanerError } from './gleaner-error.ts';
import { readResults } from './results.ts';

/** One form of a collected result, as the provider sent it. */
export interface VariantBody {
  record: ScrapeRecord;
  variant: string;
  body: Uint8Array;
}

/**
 * The raw bodies of one form (such as `html`) of a scrape's or a batch's results, in manifest order. Reads the store
 * alone: nothing is bought and no provider is asked. Throws `GleanerError`: `not-found`, or `no-variant` if a scrape does
 * not have it, with why and what there is instead; of a batch those that lack it are told to `skipped`.
 */
export async function* readVariants(
  store: Store,
  id: string,
  variant: string,
  options: { now: Date; skipped: (error: GleanerError) => void },
): AsyncGenerator<VariantBody> {
  const isBatch = (await store.batches.readManifest(id)) !== undefined;
  for await (const { record } of readResults(store, id)) {
    const found = await findVariant(store, record, variant, options.now);
    if (!(found instanceof GleanerError)) {
      yield { record, variant, body: await store.results.readRaw(found) };
    } else if (isBatch) options.skipped(found);
    else throw found;
  }
}

async function findVariant(
  store: Store,
  record: ScrapeRecord,
  variant: string,
  now: Date,
): Promise<ResultRef | StoredVariant | GleanerError> {
  const submissions = await store.journal.readAll(record.scrapeId);
  const { result } = record;
  const submission =
    submissions.find(({ verdict }) => verdict?.result?.path === result?.path && result) ?? submissions.at(-1);
  const main = result?.instead?.variant ?? (submission && nameOfMain(submission));
  if (result && main === variant) return result;
  const stored = result?.variants?.find((one) => one.variant === variant);
  if (stored) return stored;
  const there =
    result && main !== undefined ? [main, ...(result.variants ?? []).map((one) => one.variant)] : [];
  return lacking({ record, submission, variant, there, now });
}

/** The form that a scrape's result itself is in; undefined where the provider has one form only, without a name. */
function nameOfMain({ intent, receipt }: Submission): string | undefined {
  return receipt?.variants?.[0] ?? formsOf(intent.request)[0]?.name;
}

function formsOf(request: ScrapeRequest): readonly ResultVariant[] {
  return providerOf(request.scraper).variants?.(request) ?? [];
}

interface Lacking {
  record: ScrapeRecord;
  submission: Submission | undefined;
  variant: string;
  /** Names of the forms that are in the store. */
  there: string[];
  now: Date;
}

/** Says why a form is not there and which ones are. */
function lacking({ record, submission, variant, there, now }: Lacking): GleanerError {
  const { scrapeId, scraper } = record;
  const others = there.map((name) => `gleaner results ${scrapeId} --variant ${name}`).join(', ');
  const offer = others === '' ? '' : `. There is: ${others}`;
  const say = (why: string): GleanerError =>
    new GleanerError('no-variant', `${scrapeId} has no ${variant}: ${why}${offer}. Nothing was bought`);

  if (!submission?.receipt) return say(`nothing of it was bought (${record.outcome})`);
  const { request } = submission.intent;
  const form = formsOf({ ...request, params: { ...request.params, variants: variant } }).find(
    ({ name }) => name === variant,
  );
  if (!form) return say(`${scraper} does not come in that form`);
  const provider = splitScraper(scraper).provider;
  const days = Math.round(form.retentionMs / 86_400_000);
  const until = new Date(Date.parse(submission.receipt.submittedAt) + form.retentionMs);
  if (now > until) return say(`it is gone, ${provider} keeps it for ${days} days`);
  if (!record.result) return say(`nothing was collected (${record.outcome})`);
  if (submission.receipt.variants?.includes(variant)) {
    return say(`it was asked for, but ${provider} did not have it (any more) when the result was collected`);
  }
  return say(
    `it was not asked for when it was bought. Ask for all forms then: --param variants=${there[0] ?? 'advanced'},${variant}`,
  );
}
