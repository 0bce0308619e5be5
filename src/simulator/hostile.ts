/** Text that breaks careless screens, reports, spreadsheets and terminals. */
const HOSTILE_TEXT =
  '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{7*7}} [x](javascript:alert(1)) \u202Egnirts\u202C \u001b[31mred\u001b[0m \u0000';
const HOSTILE_CELL = '=HYPERLINK("https://evil.example","click")';
const HOSTILE_URL = 'javascript:alert(1)//';

/** Fields that identify and count. */
const KEPT: ReadonlySet<string> = new Set([
  'scraper',
  'status',
  'job_id',
  'prompt',
  'country',
  'cached_at',
  'markdown_url',
  'mode',
]);

/** Puts hostile text into every text, title and address of a result, but for the fields at its top that are `kept`. */
export function makeHostile(
  result: Record<string, unknown>,
  kept: ReadonlySet<string> = KEPT,
): Record<string, unknown> {
  const entries = Object.entries(result).map(([name, value]) => [
    name,
    kept.has(name) ? value : poison(name, value),
  ]);
  return Object.fromEntries(entries);
}

/** Lengthens a text to at least `minBytes` of UTF-8 by repeating a sentence. */
export function padText(text: string, minBytes: number): string {
  const missing = minBytes - Buffer.byteLength(text);
  if (missing <= 0) return text;
  return `${text}\n\n${PADDING.repeat(Math.ceil(missing / PADDING.length))}`;
}

const PADDING = 'This sentence is only here to make the answer longer. ';

function poison(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => poison(name, item));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, poison(key, item)]));
  }
  if (typeof value !== 'string' || name === 'type') return value;
  if (/^https?:/.test(value)) return HOSTILE_URL + value;
  return name === 'title' ? `${HOSTILE_CELL} ${HOSTILE_TEXT} ${value}` : `${HOSTILE_TEXT} ${value}`;
}
