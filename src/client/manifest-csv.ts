import { CsvError, type Info, parse } from 'csv-parse/sync';
import { nearest } from '../contracts/nearest.ts';
import { showValue } from '../contracts/schemas/problems.ts';
import {
  type ManifestProblem,
  type ManifestRow,
  type ManifestRows,
  positionOf,
  problemAt,
} from './manifest-row.ts';

const DELIMITERS = [',', ';', '\t'] as const;
const PROMPT_COLUMNS = ['prompt', 'keyword'];

/** A table with a header line; the header decides the delimiter. Quoted cells may hold delimiters and line breaks. */
export function readCsv(text: string): ManifestRows {
  const table = readTable(text, detectDelimiter(text));
  const [header, ...records] = table.records;
  if (!header) return { rows: [], problems: table.problems };
  const columns = header.cells.map((cell) => cell.trim());
  const missing = missingPrompt(columns, header.line);
  if (missing) return { rows: [], problems: [missing] };
  const problems = [...repeatedColumns(columns, header.line), ...table.problems];
  const rows: ManifestRow[] = [];
  for (const { line, cells } of records) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const extra = cells.slice(columns.length).some((cell) => cell.trim() !== '');
    if (extra) problems.push(problemAt({ line }, tooManyCells(cells, columns)));
    const row: ManifestRow = { place: { line }, cells: [] };
    for (const [index, column] of columns.entries()) {
      const value = cells[index] ?? '';
      if (column !== '') row.cells.push({ column, value });
      else if (value.trim() !== '') problems.push(problemAt({ line }, unnamed(index)));
    }
    rows.push(row);
  }
  return { rows, problems, header: { line: header.line } };
}

interface Table {
  records: Array<{ line: number; cells: string[] }>;
  problems: ManifestProblem[];
}

/** What could be read before a quote that is never closed, with the line on which each record starts. */
function readTable(text: string, delimiter: string): Table {
  const bytes = Buffer.from(text);
  const records: Table['records'] = [];
  let line = 1;
  let offset = 0;
  const onRecord = (cells: string[], { bytes: end }: Pick<Info, 'bytes'>): null => {
    const raw = bytes.subarray(offset, end).toString();
    const start = raw.search(/[^\r\n]/);
    records.push({ line: line + countBreaks(raw.slice(0, Math.max(start, 0))), cells });
    line += countBreaks(raw);
    offset = end;
    return null; // they are kept here: on an error the parser would throw them away
  };
  try {
    parse(bytes, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // `27" monitor` in a cell without quotes is a text like any other.
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      on_record: onRecord,
    });
    return { records, problems: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { records, problems: [unreadable(error, text, bytes.subarray(0, offset).toString().length)] };
  }
}

function unreadable(error: CsvError, text: string, recordStart: number): ManifestProblem {
  if (error.code !== 'CSV_QUOTE_NOT_CLOSED') {
    const { line } = positionOf(text, recordStart);
    return problemAt({ line }, `cannot be read as CSV: ${error.message}`);
  }
  const { line, char } = positionOf(text, openQuote(text, recordStart));
  const message =
    'a quotation mark opens here and is never closed; close it, or double it if it is part of the text';
  return problemAt({ line }, message, { char });
}

/** Offset of the last quote that opens a cell; a doubled one inside a cell is a character of it. */
function openQuote(text: string, from: number): number {
  let opened: number | undefined;
  for (let index = from; index < text.length; index++) {
    if (text[index] !== '"') continue;
    if (opened === undefined) {
      if (/(^|[\r\n,;\t])[ \t]*$/.test(text.slice(from, index))) opened = index;
    } else if (text[index + 1] === '"') index++;
    else opened = undefined;
  }
  return opened ?? from;
}

function countBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** The one that the header line holds most of; quoted names do not count. */
function detectDelimiter(text: string): string {
  const header = /[^\r\n]+/.exec(text)?.[0].replaceAll(/"[^"]*"/g, '') ?? '';
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Without a prompt column the file has no header, and its rows say nothing. */
function missingPrompt(columns: string[], line: number): ManifestProblem | undefined {
  if (columns.some((column) => PROMPT_COLUMNS.includes(column.toLowerCase()))) return undefined;
  const near = columns.find((column) => nearest(column.toLowerCase(), PROMPT_COLUMNS) !== undefined);
  const hint = near === undefined ? '' : ` Did you mean "prompt" by ${showValue(near)}?`;
  const found = columns.map((column) => showValue(column)).join(', ');
  const message = `must name the columns, one of them "prompt" (or "keyword").${hint} Found: ${found}`;
  return problemAt({ line }, message);
}

function repeatedColumns(columns: string[], line: number): ManifestProblem[] {
  const names = columns.map((column) => column.toLowerCase());
  const repeated = new Set(names.filter((name, index) => name !== '' && names.indexOf(name) !== index));
  return [...repeated].map((column) => problemAt({ line }, 'is there twice; keep one of them', { column }));
}

function unnamed(index: number): string {
  return `cell ${index + 1} is under a column without a name; name the column or empty the cell`;
}

function tooManyCells(cells: string[], columns: string[]): string {
  const hint =
    columns.length === 1 ? 'put the prompt in quotes' : 'put a cell that holds a delimiter in quotes';
  return `has ${cells.length} cells, but the header has ${columns.length}; ${hint}`;
}
