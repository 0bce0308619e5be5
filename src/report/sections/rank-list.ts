import type { RankedItem } from '../../contracts/answer.ts';
import { highlighted } from '../highlight.ts';
import { html, outsideLink, webAddress, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';
import { count, excerpt } from '../words.ts';

/** Entries that are in sight; the others of a longer page are folded behind them. */
const SHOWN = 5;

/** What a result page lists, numbered by place; an entry inside another one has that one's place. */
export function rankList(page: Page, ranks: readonly RankedItem[] | null): Markup[] {
  if (!ranks || ranks.length === 0) return [];
  const first = ranks.length > SHOWN + 1 ? ranks.slice(0, SHOWN) : ranks;
  const rest = ranks.slice(first.length);
  return [
    html`<p class="label">${count(ranks.length, 'entry', 'entries')} on the page, by place</p>`,
    list(page, first),
    ...(rest.length === 0
      ? []
      : [
          html`<details>
            <summary>${count(rest.length, 'more entry', 'more entries')}</summary>
            ${list(page, rest)}
          </details>`,
        ]),
  ];
}

function list(page: Page, ranks: readonly RankedItem[]): Markup {
  return html`<ol class="sources ranks">
    ${ranks.map((item) => entry(page, item))}
  </ol>`;
}

/** Title, website and kind of one entry. The host is read from the address itself, as that of a source is. */
function entry({ analysis }: Page, { rank, type, title, url, domain, description }: RankedItem): Markup {
  const marked = (text: string) => html`${highlighted(text, analysis.find(text), analysis.brands?.brand)}`;
  const name = title === undefined ? undefined : marked(title);
  const address = url === undefined ? undefined : webAddress(url);
  const host = address === undefined ? domain : new URL(address).host;
  const label =
    name ?? (url === undefined ? html`<span class="muted">without a title</span>` : excerpt(url, 140));
  return html`<li value="${rank}">
    ${url === undefined ? html`<bdi>${label}</bdi>` : outsideLink(url, label)}${host !== undefined && html` <bdi class="host">${host}</bdi>`}
    <bdi class="kind">${type}</bdi
    >${description !== undefined && html`<div class="snippet" dir="auto">${marked(description)}</div>`}
  </li>`;
}
