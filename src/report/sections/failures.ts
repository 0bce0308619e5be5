import { adviceFor } from '../advice.ts';
import type { Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { command, section, type Page } from '../page.ts';
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

/** The outcome, and the failure's type because what to do depends on it. */
function kindOf(one: Result): string {
  if (one.problem !== undefined) return one.state === 'open' ? 'without a record' : 'not readable';
  if (one.late) return 'late';
  const type = one.record?.failure?.type;
  return type === undefined ? STATES[one.state].word : `${STATES[one.state].word} (${type})`;
}

function failure(page: Page, kind: string, list: Result[]): Markup {
  const [first] = list;
  const more = list.length - SHOWN_MESSAGES;
  const advice = first && adviceFor(first, page.analysis.data.batchId);
  const todo = advice && html`${advice.text} ${advice.command !== undefined && command(advice.command)}`;
  return html`<div class="failure">
    <h3>${page.subsets.count(`Went wrong: ${kind}`, list)} ${kind}</h3>
    <p class="todo"><b>What to do</b> ${todo}</p>
    <ul>
      ${list.slice(0, SHOWN_MESSAGES).map(message)} ${more > 0 && html`<li>and ${more} more</li>`}
    </ul>
  </div>`;
}

function message(one: Result): Markup {
  const text = one.problem ?? one.record?.failure?.message ?? 'Ordered, not answered yet.';
  return html`<li>
    <a href="#${one.anchor}"><b>${one.engine}</b> <bdi>${excerpt(one.input.prompt, 70)}</bdi></a>
    <span class="message" dir="auto">${text}</span>
  </li>`;
}
