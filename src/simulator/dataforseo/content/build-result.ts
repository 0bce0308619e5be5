import { draftAnswer } from '../../draft.ts';
import { makeHostile, padText } from '../../hostile.ts';
import { toMarkdown, writeProse } from '../../prose.ts';
import { randomStream } from '../../random.ts';
import type { VendorScraper } from '../../vendor-scrapers.ts';
import { familyOf, type Family, type FamilyName, type Variant } from '../families.ts';
import { countryOf } from '../markets.ts';
import { resultsPerPage } from '../pricing.ts';
import type { Task } from '../task.ts';
import { formatTime, type OffsetStyle } from '../time.ts';
import type { Item } from './content.ts';
import { pageHtml } from './page-html.ts';

/** How a result is made: with which seed, which parse of the task, and what a fault makes of it. */
export interface ResultOptions {
  seed: string;
  /** The vendor parsed the task again. */
  fixed: boolean;
  hugeBytes: number;
  offsetStyle: OffsetStyle;
}

/** The array `result` of a done task. The same task always gives the same one until it is parsed again. */
export function buildResult(task: Task, variant: Variant, options: ResultOptions): unknown[] {
  if (task.resultFaults.includes('null-result')) return [null];
  const family = familyOf(task.family);
  const datetime = formatTime(task.doneAtMs ?? task.postedAtMs, options.offsetStyle);
  const head = headOf(task, family, datetime);
  const minBytes = task.resultFaults.includes('huge-result') ? options.hugeBytes : task.minBytes;
  const { fields, items } = contentOf(task, family, options, minBytes);
  if (variant === 'html') {
    const pages = pageHtml(task, items, datetime, minBytes);
    return [{ ...head, items_count: pages.length, items: pages }];
  }
  const ranked = withFaults(task, rank(items));
  const shown = variant === 'regular' ? regularItems(ranked) : ranked;
  const result = {
    ...head,
    ...fields,
    ...(family.api === 'serp' && { spell: null, refinement_chips: null }),
    se_results_count: fields.se_results_count ?? 0,
    item_types: [...new Set(items.map((item) => item.type))],
    items_count: shown?.length ?? 0,
    items: shown,
  };
  return [task.hostile ? makeHostile(result, KEPT) : result];
}

/** Which engine's taste the answer of a family has. */
const TASTE_OF: Partial<Record<FamilyName, VendorScraper>> = { gemini: 'gemini', chat_gpt: 'chatgpt' };

/** Fields that identify and count. */
const KEPT: ReadonlySet<string> = new Set([
  'keyword',
  'type',
  'se_domain',
  'language_code',
  'datetime',
  'item_types',
]);

function headOf(task: Task, family: Family, datetime: string): Record<string, unknown> {
  const { keyword, locationCode: location_code, languageCode: language_code } = task;
  const serp = { type: family.type, se_domain: task.data.se_domain ?? `${family.se}.com` };
  return { keyword, ...(family.api === 'serp' && serp), location_code, language_code, datetime };
}

function contentOf(
  task: Task,
  family: Family,
  { seed, fixed }: ResultOptions,
  minBytes: number,
): { fields: Record<string, unknown>; items: Item[] } {
  const draft = draftAnswer(seed, {
    request: { scraper: TASTE_OF[task.family] ?? 'google_ai_mode', country: countryOf(task.locationCode) },
    // A second parse reads the same page in another way.
    answer: { prompt: task.keyword, sample: 2 * task.nth + (fixed ? 1 : 0) },
  });
  const prose = writeProse(draft, false);
  const perPage = resultsPerPage(family, task.data);
  const full = Math.max(1, task.pages) * perPage;
  const results = randomStream(seed, 'results', task.identity).between(Math.ceil(full * 0.8), full);
  const markdown = padText(toMarkdown(prose), minBytes);
  const content = family.content({ task, draft, prose, markdown, results, resultsPerPage: perPage });
  return { ...content, items: padFirst(content.items, minBytes) };
}

/** Result pages have no long text: their first title is padded instead. */
function padFirst(items: Item[], minBytes: number): Item[] {
  const [first, ...others] = items;
  if (minBytes === 0 || first === undefined || items.some((item) => item.markdown !== undefined))
    return items;
  return [
    { ...first, title: padText(typeof first.title === 'string' ? first.title : '', minBytes) },
    ...others,
  ];
}

/** Numbers the items: all of them, and those of a type. */
function rank(items: Item[]): Item[] {
  const ofType = new Map<string, number>();
  return items.map((item, index) => {
    const group = (ofType.get(item.type) ?? 0) + 1;
    ofType.set(item.type, group);
    return { ...item, rank_group: group, rank_absolute: index + 1 };
  });
}

function withFaults(task: Task, items: Item[]): Array<Item | null> | null {
  if (task.resultFaults.includes('null-items')) return null;
  const unknown: Item = {
    type: 'holographic_panel',
    rank_group: 1,
    rank_absolute: 0,
    hologram: { depth: 3 },
  };
  return [
    ...(task.resultFaults.includes('null-item') ? [null] : []),
    ...(task.resultFaults.includes('unknown-item') ? [unknown] : []),
    ...items,
  ];
}

/** The regular variant has three types of items, with few fields. */
function regularItems(items: Array<Item | null> | null): Array<Record<string, unknown> | null> | null {
  const shown = new Set(['organic', 'paid', 'featured_snippet']);
  const found = items?.filter((item) => item === null || shown.has(item.type));
  return (
    found?.map(
      (item) =>
        item && {
          type: item.type,
          rank_group: item.rank_group,
          rank_absolute: item.rank_absolute,
          domain: item.domain,
          title: item.title,
          description: item.description,
          url: item.url,
          breadcrumb: item.breadcrumb,
        },
    ) ?? null
  );
}
