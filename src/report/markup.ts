import { html as honoHtml, raw as honoRaw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** A piece of HTML in which everything that came from outside is escaped. */
export type Markup = HtmlEscapedString;

type Hole = string | number | false | undefined | Markup | Hole[];

/**
 * Tagged template for HTML: every string in a hole is made harmless by {@link visibleText} and escaped, so that nobody
 * can forget to. Only other markup goes in as it is.
 */
export function html(strings: TemplateStringsArray, ...holes: Hole[]): Markup {
  return honoHtml(strings, ...holes.map(clean)) as Markup; // hono is asynchronous only for promises, and `Hole` has none
}

/** Marks our own constant text, such as the style sheet, as markup. Never call it with text from outside. */
export function trusted(text: string): Markup {
  return honoRaw(text);
}

/**
 * Text from outside with the characters replaced that a reader cannot see but a screen obeys: control characters become
 * their pictures, bidirectional overrides and lone surrogates are spelled out. Line breaks and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(UNSEEN, (char) => spellOut(char.codePointAt(0) ?? 0));
}

/** A link that leaves the report, if the address is http or https; anything else is shown as text. */
export function outsideLink(address: string, label: string | Markup): Markup {
  const href = webAddress(address);
  if (href === undefined) return html`<span class="address" dir="auto">${label || address}</span>`;
  return html`<a class="address" dir="auto" href="${href}" rel="noreferrer noopener nofollow" target="_blank"
    >${label || address}</a
  >`;
}

/** The address in normal form if a browser may follow it. */
export function webAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}

/** Markup is a `String` object, so only text from a variable is a primitive string here. */
function clean(hole: Hole): Hole {
  if (typeof hole === 'string') return visibleText(hole);
  return Array.isArray(hole) ? hole.map(clean) : hole;
}

// Controls but tab and line feed, line and paragraph separators, bidirectional embeddings, overrides and isolates (marks
// such as U+200F stay: Arabic and Hebrew need them), byte order mark, lone surrogates.
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

function spellOut(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}
