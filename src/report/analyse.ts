import type { Answer } from '../contracts/answer.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import { DEFAULT_MARKET } from '../contracts/market.ts';
import { addCharges, isFree, type Charge } from '../contracts/money.ts';
import { isResultPage, parseScraper } from '../contracts/scrapers.ts';
import { createMentionFinder, type Mention, type MentionFinder } from './mentions.ts';
import { placesOf, type Places } from './places.ts';
import type { Brands, CollectedResult, ReportData, ReportOptions, ResultState } from './report-data.ts';
import { engineName } from './words.ts';

/** Everything that the report says in numbers, each as the list of results behind it. */
export interface Analysis {
  data: ReportData;
  brands?: Brands;
  ceiling?: Ceiling;
  usdPerCredit?: number;
  /** The brand, then its rivals; empty if none were given. */
  names: string[];
  /** Finds the names in any text. */
  find: MentionFinder;
  results: Result[];
  /** The results that are answers of AI engines: what they are compared by. */
  answers: Result[];
  /** AI engines. */
  engines: Engine[];
  /** Search engines: scrapers that bring pages of results. */
  pages: Engine[];
  prompts: Prompt[];
  markets: string[];
  /** By number of answers that cite them, most first. */
  domains: Group[];
  /** By number of result pages that list them, most first. */
  listed: Group[];
  states: Map<ResultState, Result[]>;
  money: Money;
}

export interface Result extends CollectedResult {
  /** Fragment of its place in the report. */
  anchor: string;
  scraper: string;
  engine: string;
  market: string;
  /** The text that names are looked for in; undefined if there is no readable answer. */
  text?: string;
  mentions: Mention[];
  /** Names in the answer; of a result page, in what its entries say. */
  names: Set<string>;
  /** Websites that it cites; of a result page, that it lists. */
  domains: Set<string>;
  /** Of a result page that can be read. */
  places?: Places;
  /** From purchase to answer on the provider's clock. */
  durationMs?: number;
  /** Still open, and older than 99 % of this engine's answers get. */
  late: boolean;
}

export interface Group {
  name: string;
  results: Result[];
}

export interface Engine extends Group {
  scraper: string;
  answered: Result[];
  /** Answers that can be read: what shares are taken of. */
  read: Result[];
  /** Answers that were timed, fastest first. */
  timed: Result[];
  medianMs?: number;
  /** Answers of an engine that lists its sources. */
  sourced: Result[];
  citations: number;
  topDomain?: Group;
}

export interface Prompt {
  anchor: string;
  prompt: string;
  market: string;
  item?: string;
  results: Result[];
}

export interface Cost {
  charge: Charge;
  possiblySpent: Charge;
  refundExpected: Charge;
}

interface Money extends Cost {
  charged: Result[];
  uncertain: Result[];
  refundable: Result[];
}

/** Turns what the store holds into what the report says; pure. */
export function analyse(data: ReportData, options: ReportOptions = {}): Analysis {
  const names = options.brands ? [...new Set([options.brands.brand, ...options.brands.rivals])] : [];
  const find = createMentionFinder(names);
  const scrapers = [...new Set(data.results.map((one) => scraperOf(one)))];
  const results = data.results.map((one, i) => {
    const scraper = scraperOf(one);
    return toResult(one, `r${i + 1}`, { scraper, engine: engineName(scraper, scrapers) }, find);
  });
  const answers = results.filter((one) => !isResultPage(one.scraper));
  const listings = results.filter((one) => isResultPage(one.scraper));
  return {
    data,
    ...options,
    names,
    find,
    results,
    answers,
    engines: toEngines(answers),
    pages: toEngines(listings),
    prompts: toPrompts(results),
    markets: [...new Set(results.map((one) => one.market))],
    domains: rankDomains(answers),
    listed: rankDomains(listings),
    states: groupBy(results, (one) => one.state),
    money: toMoney(results),
  };
}

export function naming(results: readonly Result[], name: string): Result[] {
  return results.filter((one) => one.names.has(name));
}

export function citing(results: readonly Result[], domain: string): Result[] {
  return results.filter((one) => one.domains.has(domain));
}

export function onEngine(results: readonly Result[], engine: Engine): Result[] {
  return results.filter((one) => one.scraper === engine.scraper);
}

/** What a result cost, by its record or, while it is open, by the journal. */
export function costOf({ record, open }: Result): Cost {
  return (
    record ?? { charge: open?.charge ?? {}, possiblySpent: open?.possiblySpent ?? {}, refundExpected: {} }
  );
}

/** The middle value of an ascending list, the mean of the middle two if they are two. */
export function median(ascending: readonly number[]): number | undefined {
  const upper = ascending[Math.floor(ascending.length / 2)];
  const lower = ascending[Math.ceil(ascending.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

function toResult(
  one: CollectedResult,
  anchor: string,
  engine: { scraper: string; engine: string },
  find: MentionFinder,
): Result {
  const readable = one.state === 'done' ? one.answer : undefined;
  const places = readable && isResultPage(engine.scraper) ? placesOf(readable.ranks ?? [], find) : undefined;
  const text = readable && (places ? readable.text : searchedText(readable));
  const mentions = text === undefined ? [] : find(text);
  const durationMs = Date.parse(one.record?.readyAt ?? '') - Date.parse(one.record?.submittedAt ?? '');
  const domains = (one.answer?.citations ?? [])
    .map((citation) => citation.domain)
    .filter((domain) => domain !== '');
  return {
    ...one,
    ...engine,
    anchor,
    market: one.answer?.market ?? one.record?.market ?? one.input.market ?? DEFAULT_MARKET,
    ...(text !== undefined && { text }),
    mentions,
    names: new Set(places ? places.names.keys() : mentions.map((mention) => mention.name)),
    domains: new Set(places ? places.domains.keys() : text === undefined ? [] : domains),
    ...(places && { places }),
    ...(one.state === 'done' && durationMs >= 0 && { durationMs }),
    late: one.open?.late ?? false,
  };
}

/** A shopping assistant may answer with products alone: their words are its words then. */
function searchedText({ text, products }: Pick<Answer, 'text' | 'products'>): string {
  return text.trim() === '' ? (products ?? []).map(({ title = '' }) => title).join('\n') : text;
}

function scraperOf(one: CollectedResult): string {
  if (one.record) return one.record.scraper;
  const parsed = parseScraper(one.input.scraper);
  return parsed.ok ? parsed.scraper : one.input.scraper;
}

function toEngines(results: readonly Result[]): Engine[] {
  return [...groupBy(results, (one) => one.scraper)].map(([scraper, list]) => toEngine(scraper, list));
}

function toEngine(scraper: string, results: Result[]): Engine {
  const read = results.filter((one) => one.text !== undefined);
  const timed = results.filter((one) => one.durationMs !== undefined).sort((a, b) => ms(a) - ms(b));
  const sourced = read.filter((one) => one.answer?.citations);
  const topDomain = rankDomains(results)[0];
  const medianMs = median(timed.map(ms));
  return {
    scraper,
    name: results[0]?.engine ?? scraper,
    results,
    answered: results.filter((one) => one.state === 'done'),
    read,
    timed,
    ...(medianMs !== undefined && { medianMs }),
    sourced,
    citations: sourced.reduce((sum, one) => sum + (one.answer?.citations?.length ?? 0), 0),
    ...(topDomain && { topDomain }),
  };
}

/** An item of the manifest is one prompt in one market; without items, the same words in the same market are. */
function toPrompts(results: Result[]): Prompt[] {
  const groups = groupBy(results, (one) => JSON.stringify([one.input.item, one.input.prompt, one.market]));
  return [...groups.values()].flatMap((list, i) => {
    const [first] = list;
    if (first === undefined) return [];
    const { prompt, item } = first.input;
    return [{ anchor: `p${i + 1}`, prompt, market: first.market, ...(item && { item }), results: list }];
  });
}

function rankDomains(results: readonly Result[]): Group[] {
  const citing = new Map<string, Result[]>();
  for (const one of results) {
    for (const domain of one.domains) {
      const list = citing.get(domain);
      if (list) list.push(one);
      else citing.set(domain, [one]);
    }
  }
  const groups = [...citing].map(([name, list]) => ({ name, results: list }));
  return groups.sort((a, b) => b.results.length - a.results.length || (a.name < b.name ? -1 : 1));
}

function toMoney(results: Result[]): Money {
  const sum = (kind: keyof Cost) => addCharges(...results.map((one) => costOf(one)[kind]));
  const having = (kind: keyof Cost) => results.filter((one) => !isFree(costOf(one)[kind]));
  return {
    charge: sum('charge'),
    possiblySpent: sum('possiblySpent'),
    refundExpected: sum('refundExpected'),
    charged: having('charge'),
    uncertain: having('possiblySpent'),
    refundable: having('refundExpected'),
  };
}

function groupBy<T, K>(list: readonly T[], key: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of list) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return groups;
}

function ms(one: Result): number {
  return one.durationMs ?? 0;
}
