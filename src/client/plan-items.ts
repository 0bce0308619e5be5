import type { BatchInput, BatchItem } from '../contracts/batch.ts';
import { DEFAULT_MARKET, formatMarket, parseMarket } from '../contracts/market.ts';
import type { Charge } from '../contracts/money.ts';
import { canonicalJson, sha256Hex } from '../contracts/schemas/canonical-json.ts';
import { type Problem, showValue } from '../contracts/schemas/problems.ts';
import type { Params, ScrapeRequest } from '../contracts/scrape.ts';
import { parseScraper, type Scraper } from '../contracts/scrapers.ts';

/** What the plan of a batch needs to know of scrapers; the providers' catalog has all of it. */
export interface PlanDeps {
  /** Everything wrong with a request. */
  validate(request: ScrapeRequest): Problem[];
  /** The most that one submission can cost. */
  priceBound(request: ScrapeRequest): Charge;
  /** The parameters of a scraper by name. */
  params(scraper: Scraper): Readonly<Record<string, unknown>>;
  simulated: boolean;
  now: Date;
  /** Where an item came from, such as `line 7`; default `prompts[6]`. */
  place?: (index: number) => string;
}

/** One thing that keeps a batch from starting; `field` names the item, the scraper and the field in words. */
export interface PlanProblem extends Problem {
  /** Index into the items; absent if the batch itself is wrong. */
  item?: number;
  scraper?: Scraper;
}

/** One prompt with everything that is bought for it, once a sample. */
export interface PlannedItem {
  id: string;
  label?: string;
  maxCharge?: string;
  purchases: Array<{ request: ScrapeRequest; bound: Charge }>;
}

export type PlannedItems = { ok: true; items: PlannedItem[] } | { ok: false; problems: PlanProblem[] };

/** 48 bits: two of 100,000 prompts share one in 1 of 50,000 batches, and then it is reported as a repeated id. */
const HASH_ID_CHARS = 12;

/** Resolves defaults, names every item and checks every request; reports every problem at once. */
export function planItems(batch: BatchInput, items: readonly BatchItem[], deps: PlanDeps): PlannedItems {
  if (items.length === 0) {
    return { ok: false, problems: [{ field: 'prompts', message: 'must hold at least one prompt' }] };
  }
  const problems: PlanProblem[] = [];
  const occurrences = new Map<string, number>();
  const indexOfId = new Map<string, number>();
  const planned = items.map((item, index): PlannedItem => {
    const problemsBefore = problems.length;
    const market = parseMarket(item.market ?? batch.market ?? DEFAULT_MARKET);
    const params = { ...batch.params, ...item.params };
    const place = deps.place?.(index) ?? `prompts[${index}]`;
    const where = item.id === undefined ? place : `${place} (${item.id})`;
    const report = (field: string, message: string, scraper?: Scraper): void => {
      const parts = scraper === undefined ? [where, field] : [where, scraper, field];
      problems.push({ field: parts.join(', '), message, item: index, ...(scraper && { scraper }) });
    };

    const marketText = market ? formatMarket(market) : (item.market ?? '');
    const id = item.id ?? hashId(item.prompt, marketText, params, occurrences);
    const first = indexOfId.get(id);
    if (first === undefined) indexOfId.set(id, index);
    else {
      report(
        'id',
        `${showValue(id)} is the id of ${deps.place?.(first) ?? `prompts[${first}]`} too; ids must differ`,
      );
    }
    if (!market) {
      report(
        'market',
        `must be a country or country/language, not ${showValue(item.market ?? batch.market)}`,
      );
    }

    const scrapers = resolveScrapers(item.scrapers ?? batch.scrapers ?? [], (message) =>
      report('scrapers', message),
    );
    if (scrapers.size === 0 && problems.length === problemsBefore) {
      report('scrapers', 'must be given, for the batch or for this prompt');
    }
    for (const name of unknownParams(params, scrapers, deps)) {
      const message = `no such parameter of ${[...scrapers].join(', ')}`;
      report(`params.${name}`, message);
    }
    const purchases = [...scrapers].map((scraper) => {
      const own = ownParams(params, scraper, batch.samples ?? 1, deps);
      const request: ScrapeRequest = { scraper, prompt: item.prompt, market: marketText, params: own };
      const faults = market ? deps.validate(request) : [];
      for (const fault of faults) report(fault.field, fault.message, scraper);
      // A request that the provider would refuse has no price.
      return { request, bound: market && faults.length === 0 ? deps.priceBound(request) : {} };
    });
    const { label, maxCharge } = item;
    return {
      id,
      purchases,
      ...(label !== undefined && { label }),
      ...(maxCharge !== undefined && { maxCharge }),
    };
  });
  return problems.length === 0 ? { ok: true, items: planned } : { ok: false, problems };
}

/** The n-th of several equal prompts is another item, so its place among them is part of the hash. */
function hashId(prompt: string, market: string, params: Params, occurrences: Map<string, number>): string {
  const content = canonicalJson({ prompt, market, params });
  const occurrence = (occurrences.get(content) ?? 0) + 1;
  occurrences.set(content, occurrence);
  return sha256Hex(canonicalJson({ content, occurrence })).slice(0, HASH_ID_CHARS);
}

/** Two spellings of one scraper are one; repeats are what `samples` is for. */
function resolveScrapers(names: readonly string[], report: (message: string) => void): Set<Scraper> {
  const scrapers = new Set<Scraper>();
  for (const name of names) {
    const parsed = parseScraper(name);
    if (parsed.ok) scrapers.add(parsed.scraper);
    else report(parsed.message);
  }
  return scrapers;
}

/** A parameter that one of several scrapers has goes to that one; one that none has is a mistake. */
function unknownParams(params: Params, scrapers: ReadonlySet<Scraper>, deps: PlanDeps): string[] {
  if (scrapers.size === 0) return [];
  return Object.keys(params).filter(
    (name) => ![...scrapers].some((scraper) => Object.hasOwn(deps.params(scraper), name)),
  );
}

/**
 * The parameters that this scraper has. With several samples the provider's cache is bypassed unless somebody decided
 * otherwise: else n samples may be one answer n times (ScrapeLLM's contract, section 9).
 */
function ownParams(params: Params, scraper: Scraper, samples: number, deps: PlanDeps): Params {
  const specs = deps.params(scraper);
  const own = Object.fromEntries(Object.entries(params).filter(([name]) => Object.hasOwn(specs, name)));
  if (samples > 1 && Object.hasOwn(specs, 'bypass_cache') && !Object.hasOwn(own, 'bypass_cache')) {
    own['bypass_cache'] = true;
  }
  return own;
}
