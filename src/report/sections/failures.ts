import { adviceFor } from '../advice.ts';
import type { Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { section, type Page } from '../page.ts';
import { excerpt, STATES } from '../words.ts';

/** Messages shown of one kind of failure; the number above them leads to all. */
const SHOWN_MESSAGES = 12;

/** What went wrong, in the words it came with, and what to do. Empty if nothing did. */
export function failuresSection(page: Page): Markup | '' {
  const { results, data } = page.analysis;
  const troubled = results.filter(
    (one) => one.problem !== undefined || one.record?.failure !== undefined || one.late,
  );
  if (troubled.length === 0 && data.lostPages.length === 0) return '';
  const kinds = new Map<string, Result[]>();
  for (const one of troubled) {
    const kind = kindOf(one);
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  return section('failures', 'What went wrong, and what to do', '', [
    ...data.lostPages.map(
      (lost) =>
        html`<div class="failure">
          <h3>Page ${lost.page} of the batch cannot be read (${lost.scrapes} scrapes)</h3>
          <p class="message" dir="auto">${lost.problem}</p>
          <p>
            These scrapes are in no number on this page. Bring the file back from a backup, then make this
            page again.
          </p>
        </div>`,
    ),
    ...[...kinds].map(([kind, list]) => failure(page, kind, list)),
  ]);
}

function kindOf(one: Result): string {
  if (one.late && one.problem === undefined) return 'late';
  if (one.problem !== undefined) return one.state === 'open' ? 'without a record' : 'not readable';
  const type = one.record?.failure?.type;
  return `${STATES[one.state].word}${type ? ` · ${type}` : ''}`;
}

function failure({ analysis, subsets }: Page, kind: string, list: Result[]): Markup {
  const [first] = list;
  const more = list.length - SHOWN_MESSAGES;
  return html`<div class="failure">
    <h3>${subsets.count(`Went wrong: ${kind}`, list)} ${kind}</h3>
    ${first && html`<p class="todo"><b>What to do</b> ${adviceFor(first, analysis.data.batchId)}</p>`}
    <ul>
      ${list.slice(0, SHOWN_MESSAGES).map(
        (one) =>
          html`<li>
            <a href="#${one.anchor}"><b>${one.engine}</b> <bdi>${excerpt(one.input.prompt, 70)}</bdi></a
            ><span class="message" dir="auto"
              >${one.problem ?? one.record?.failure?.message ?? 'Ordered, not answered yet.'}</span
            >
          </li>`,
      )}${more > 0 && html`<li>and ${more} more</li>`}
    </ul>
  </div>`;
}
