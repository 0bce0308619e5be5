import type { z } from 'zod';
import type { BatchItem } from '../contracts/batch.ts';
import { nearest } from '../contracts/nearest.ts';
import {
  chargeText,
  isName,
  labelSchema,
  MAX_NAME_CHARS,
  promptSchema,
} from '../contracts/schemas/fields.ts';
import { showValue } from '../contracts/schemas/problems.ts';
import { parseMarket } from '../contracts/market.ts';
import type { ParamValue } from '../contracts/scrape.ts';
import { parseScraper, type Scraper, SCRAPERS } from '../contracts/scrapers.ts';
import type { ParamSpec } from '../providers/provider.ts';
import {
  formatPlace,
  type ManifestProblem,
  type ManifestRow,
  type ManifestRows,
  type Place,
  problemAt,
} from './manifest-row.ts';

/** What decides which columns mean something: the batch's scrapers and the parameters that scrapers have. */
export interface ManifestContext {
  /** Scrapers of rows that name none; may be empty. */
  scrapers: readonly Scraper[];
  params(scraper: Scraper): Readonly<Record<string, ParamSpec>>;
}

export interface ReadItems {
  items: BatchItem[];
  places: string[];
  problems: ManifestProblem[];
}

const COLUMNS = ['prompt', 'keyword', 'id', 'market', 'scrapers', 'label', 'maxCharge'];

/** Makes items of rows; blanks around a value mean nothing. An unknown column is reported once, where it is met first. */
export function readItems({ rows, header }: ManifestRows, context: ManifestContext): ReadItems {
  const chosen = chosenScrapers(rows, context);
  const reader: Reader = { context, chosen, header, unknown: new Set(), problems: [] };
  const items: BatchItem[] = [];
  const ids = new Map<string, Place>();
  for (const row of rows) {
    const item = readItem(row, reader);
    items.push(item);
    if (item.id === undefined) continue;
    const first = ids.get(item.id);
    if (first === undefined) ids.set(item.id, row.place);
    else {
      const message = `${showValue(item.id)} is the id of ${formatPlace(first)} too; ids must differ`;
      reader.problems.push(problemAt(row.place, message, { column: 'id' }));
    }
  }
  return { items, places: rows.map((row) => formatPlace(row.place)), problems: reader.problems };
}

interface Reader {
  context: ManifestContext;
  chosen: readonly Scraper[];
  header: Place | undefined;
  unknown: Set<string>;
  problems: ManifestProblem[];
}

function readItem(row: ManifestRow, reader: Reader): BatchItem {
  const item: BatchItem = { prompt: '' };
  const report = (column: string, message: string): void => {
    reader.problems.push(problemAt(row.place, message, { column }));
  };
  let promptColumn: string | undefined;
  for (const { column, value: raw } of row.cells) {
    const value = typeof raw === 'string' ? raw.trim() : raw;
    const name = column.toLowerCase();
    switch (name) {
      case 'prompt':
      case 'keyword':
        if (promptColumn === undefined) item.prompt = readText(value, column, promptSchema, report) ?? '';
        else report(column, `the prompt is in column ${promptColumn} already; keep one of them`);
        promptColumn = column;
        break;
      case 'id':
        if (!isBlank(value)) item.id = readId(value, report);
        break;
      case 'market':
        if (!isBlank(value)) item.market = readMarket(value, report);
        break;
      case 'scrapers':
        if (!isBlank(value)) item.scrapers = readScrapers(value, report);
        break;
      case 'label':
        if (!isBlank(value)) item.label = readText(value, column, labelSchema, report);
        break;
      case 'maxcharge':
        if (!isBlank(value)) item.maxCharge = readText(value, column, chargeText(), report);
        break;
      default:
        readParam(column, value, item, reader, row.place, report);
    }
  }
  if (promptColumn === undefined) report('prompt', 'must be given');
  return item;
}

type Report = (column: string, message: string) => void;

function isBlank(value: unknown): boolean {
  return value === '' || value === null || value === undefined;
}

function readText(
  value: unknown,
  column: string,
  schema: z.ZodType<string>,
  report: Report,
): string | undefined {
  const parsed = schema.safeParse(value ?? '', { reportInput: true });
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) report(column, issue.message);
  return undefined;
}

/** Spreadsheets and JSON hold ids as numbers too. */
function readId(value: unknown, report: Report): string | undefined {
  const id = typeof value === 'number' ? String(value) : value;
  if (typeof id === 'string' && isName(id)) return id;
  report(
    'id',
    `must be a name of letters, digits, ".", "_" and "-" (at most ${MAX_NAME_CHARS}), not ${showValue(value)}`,
  );
  return undefined;
}

function readMarket(value: unknown, report: Report): string | undefined {
  if (typeof value === 'string' && parseMarket(value)) return value;
  report('market', `must be a country or country/language such as "DE" or "US/en", not ${showValue(value)}`);
  return undefined;
}

function readScrapers(value: unknown, report: Report): string[] | undefined {
  const names = typeof value === 'string' ? value.split(/[\s,;]+/).filter(Boolean) : value;
  if (
    !Array.isArray(names) ||
    !names.every((name): name is string => typeof name === 'string') ||
    names.length === 0
  ) {
    report('scrapers', `must be a list of scrapers, not ${showValue(value)}`);
    return undefined;
  }
  return names.flatMap((name) => {
    const parsed = parseScraper(name);
    if (!parsed.ok) report('scrapers', parsed.message);
    return parsed.ok ? [parsed.scraper] : [];
  });
}

/** All scrapers that any row is for; none means that nobody has said yet, so every parameter may be meant. */
function chosenScrapers(rows: readonly ManifestRow[], context: ManifestContext): readonly Scraper[] {
  const chosen = new Set(context.scrapers);
  for (const row of rows) {
    const cell = row.cells.find(({ column }) => column.toLowerCase() === 'scrapers');
    for (const name of readScrapers(cell?.value ?? [], () => {}) ?? []) {
      const parsed = parseScraper(name);
      if (parsed.ok) chosen.add(parsed.scraper);
    }
  }
  return chosen.size === 0 ? SCRAPERS : [...chosen];
}

function readParam(
  column: string,
  value: unknown,
  item: BatchItem,
  reader: Reader,
  place: Place,
  report: Report,
): void {
  const name = column.replace(/^param\./i, '');
  const specs = specsOf(name, reader.chosen, reader.context);
  if (specs.length === 0) {
    if (reader.unknown.has(column)) return;
    reader.unknown.add(column);
    reader.problems.push(problemAt(reader.header ?? place, unknownColumn(name, reader), { column }));
  } else if (!isBlank(value)) {
    const read = typeof value === 'string' ? coerce(value, specs) : value;
    if (isParamValue(read)) item.params = { ...item.params, [name]: read };
    else report(column, `must be a text, a number, true or false, not ${showValue(value)}`);
  }
}

function specsOf(name: string, scrapers: readonly Scraper[], context: ManifestContext): ParamSpec[] {
  return scrapers.flatMap((scraper) => {
    const params = context.params(scraper);
    const spec = Object.hasOwn(params, name) ? params[name] : undefined;
    return spec ? [spec] : [];
  });
}

function unknownColumn(name: string, reader: Reader): string {
  const elsewhere = SCRAPERS.filter((scraper) => specsOf(name, [scraper], reader.context).length > 0);
  if (elsewhere.length > 0) {
    return `is a parameter of ${elsewhere.join(', ')}, but this batch asks none of them`;
  }
  const known = new Set(COLUMNS);
  for (const scraper of reader.chosen) {
    for (const param of Object.keys(reader.context.params(scraper))) known.add(param);
  }
  const near = nearest(name.toLowerCase(), [...known]);
  return near === undefined
    ? `unknown column. Known: ${[...known].join(', ')}`
    : `unknown column. Did you mean "${near}"?`;
}

/** A cell is a text; what it stands for is decided by the parameter's own type. */
function coerce(text: string, specs: readonly ParamSpec[]): ParamValue {
  const types = new Set(specs.map((spec) => spec.type));
  if (types.has('boolean') && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (types.has('number') && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  return text;
}

function isParamValue(value: unknown): value is ParamValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
