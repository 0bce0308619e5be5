import { showValue } from '../contracts/schemas/problems.ts';
import {
  type ManifestProblem,
  type ManifestRow,
  type ManifestRows,
  type Place,
  positionOf,
  problemAt,
} from './manifest-row.ts';

/** A file that is one JSON array of prompts or objects. */
export function readJsonArray(text: string): ManifestRows {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { line, char } = positionOf(text, parsed.offset);
    return { rows: [], problems: [problemAt({ line }, parsed.message, { char })] };
  }
  if (!Array.isArray(parsed.value)) {
    const message = `must be a JSON array of prompts, not ${showValue(parsed.value)} (one object a line: name it .ndjson)`;
    return { rows: [], problems: [{ field: 'file', message }] };
  }
  return toRows(parsed.value.map((value: unknown, index) => ({ value, place: { item: index + 1 } })));
}

/** A file with one JSON value a line; empty lines are skipped. */
export function readJsonLines(text: string): ManifestRows {
  const values: Array<{ value: unknown; place: Place }> = [];
  const problems: ManifestProblem[] = [];
  for (const [index, content] of text.split(/\r\n|\n|\r/).entries()) {
    if (content.trim() === '') continue;
    const place = { line: index + 1 };
    const parsed = parseJson(content);
    if (parsed.ok) values.push({ value: parsed.value, place });
    else problems.push(problemAt(place, parsed.message, { char: parsed.offset + 1 }));
  }
  const { rows, problems: rowProblems } = toRows(values);
  return { rows, problems: [...problems, ...rowProblems] };
}

/** A value is a prompt or an object; its `params` are spread out like the columns of a CSV. */
function toRows(values: Array<{ value: unknown; place: Place }>): ManifestRows {
  const rows: ManifestRow[] = [];
  const problems: ManifestProblem[] = [];
  for (const { value, place } of values) {
    if (typeof value === 'string') rows.push({ place, cells: [{ column: 'prompt', value }] });
    else if (!isObject(value)) {
      problems.push(problemAt(place, `must be a prompt or an object, not ${showValue(value)}`));
    } else {
      const { params, ...fields } = value;
      const cells = Object.entries(fields).map(([column, cell]) => ({ column, value: cell }));
      if (isObject(params)) {
        for (const [column, cell] of Object.entries(params)) {
          cells.push({ column: `param.${column}`, value: cell });
        }
      } else if (params !== undefined) {
        problems.push(problemAt(place, `must be an object, not ${showValue(params)}`, { column: 'params' }));
      }
      rows.push({ place, cells });
    }
  }
  return { rows, problems };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `offset` is where reading stopped. */
function parseJson(
  text: string,
): { ok: true; value: unknown } | { ok: false; message: string; offset: number } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(reason)?.[1];
    const what = reason.replace(/ in JSON at position.*$| JSON input$|, .* is not valid JSON$/s, '');
    return {
      ok: false,
      message: `not JSON: ${what}`,
      offset: position === undefined ? readable(text) : Number(position),
    };
  }
}

/** Length of the longest start that only lacks its end; V8 names the place of some faults only by quoting the text. */
function readable(text: string): number {
  let open = 0;
  let closed = text.length + 1;
  while (closed - open > 1) {
    const middle = (open + closed) >>> 1;
    if (isUnfinished(text.slice(0, middle))) open = middle;
    else closed = middle;
  }
  return open;
}

function isUnfinished(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return (
      error instanceof Error &&
      /end of JSON input|Unterminated|after minus sign|Exponent part/.test(error.message)
    );
  }
}
