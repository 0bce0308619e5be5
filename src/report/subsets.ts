import { html, type Markup } from './markup.ts';
import type { Result } from './analyse.ts';
import { count, duration, excerpt, percent, STATES } from './words.ts';

interface List {
  id: string;
  title: string;
  results: readonly Result[];
  /** What each row says of its result: the value that the number is made of. */
  fact: (one: Result) => string;
}

/**
 * The lists of results behind the numbers. A number is a link to its list, which shows itself over the page as the
 * link's target: no script, so it works in a mail attachment and in any viewer. Equal lists are kept once.
 */
export class Subsets {
  readonly #ids = new Map<string, string>();
  readonly #lists: List[] = [];

  /** A number that leads to exactly that many results; plain text if there are none. */
  count(title: string, results: readonly Result[], fact = facts): Markup {
    if (results.length === 0) return html`<span class="n none">0</span>`;
    const shown = results.length.toLocaleString('en-US');
    return html`<a class="n" data-n="${results.length}" href="#${this.#idOf(title, results, fact)}"
      >${shown}</a
    >`;
  }

  /** A part of a whole as percentage and counts; leads to the part. */
  share(title: string, part: readonly Result[], whole: number): Markup {
    if (whole === 0) return html`<span class="none">–</span>`;
    const shown = html`<b>${percent(part.length, whole)}</b> <small>${part.length}/${whole}</small>`;
    if (part.length === 0) return html`<span class="n none">${shown}</span>`;
    return html`<a class="n" data-n="${part.length}" href="#${this.#idOf(title, part)}">${shown}</a>`;
  }

  /** Any other measure, such as an average, that leads to the results it was taken of. */
  measure(shown: string, title: string, results: readonly Result[], fact = facts): Markup {
    if (results.length === 0) return html`<span class="none">${shown}</span>`;
    return html`<a class="m" href="#${this.#idOf(title, results, fact)}" title="${title}">${shown}</a>`;
  }

  /** All lists that links were made to; to be rendered after everything else. */
  *render(): Iterable<Markup> {
    for (const { id, title, results, fact } of this.#lists) {
      yield html`<section class="subset" id="${id}" aria-labelledby="${id}-t">
        <div class="subset-head">
          <h3 id="${id}-t">${title} <span class="muted">· ${count(results.length, 'result')}</span></h3>
          <a class="close" href="#shut">Close</a>
        </div>
        <ol>
          ${results.map((one) => row(one, fact(one)))}
        </ol>
      </section> `;
    }
  }

  #idOf(title: string, results: readonly Result[], fact = facts): string {
    const key = `${title}\n${results.map((one) => one.anchor).join()}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = `s${this.#lists.length + 1}`;
    this.#ids.set(key, id);
    this.#lists.push({ id, title, results, fact });
    return id;
  }
}

function row(one: Result, fact: string): Markup {
  return html`<li>
    <a href="#${one.anchor}"><b>${one.engine}</b> <bdi>${excerpt(one.input.prompt, 80)}</bdi></a>
    <i>${fact}</i>
  </li>`;
}

/** The values that the numbers are made of, so that they can be added up by hand. */
function facts(one: Result): string {
  if (one.state !== 'done') return one.late ? 'late' : STATES[one.state].word;
  const citations = one.answer?.citations;
  return [
    one.durationMs === undefined ? '' : duration(one.durationMs),
    citations ? count(citations.length, 'citation') : '',
    one.places ? count(one.answer?.ranks?.length ?? 0, 'entry', 'entries') : '',
    one.answer?.cached ? 'cached' : '',
    one.answer ? '' : 'not readable',
  ]
    .filter((fact) => fact !== '')
    .join(' · ');
}
