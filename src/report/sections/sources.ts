import type { Answer, Citation, Product } from '../../contracts/answer.ts';
import { html, outsideLink, webAddress, type Markup } from '../markup.ts';
import { count, excerpt } from '../words.ts';

/** More than this is folded. */
const SHOWN = 6;

/** What came with an answer: its sources, products, the searches it ran and the questions it proposes. */
export function sources(answer: Answer): Markup[] {
  return [
    ...folded('source', answer.citations, citation),
    ...folded('product', answer.products, product),
    ...folded('search it ran', answer.fanOutQueries, words, 'searches it ran'),
    ...folded('question it proposes', answer.followUps, words, 'questions it proposes'),
  ];
}

function folded<T>(
  one: string,
  list: readonly T[] | null,
  row: (item: T) => Markup,
  many = `${one}s`,
): Markup[] {
  if (!list || list.length === 0) return [];
  const label = count(list.length, one, many);
  const rows = html`<ol class="sources">
    ${list.map(row)}
  </ol>`;
  return list.length > SHOWN
    ? [
        html`<details>
          <summary>${label}</summary>
          ${rows}
        </details>`,
      ]
    : [
        html`<p class="label">${label}</p>
          ${rows}`,
      ];
}

/** The host is read from the address itself: a title may claim to be somebody else. */
function citation({ url, title }: Citation): Markup {
  const address = webAddress(url);
  const host = address === undefined ? undefined : new URL(address).host;
  return html`<li>
    ${outsideLink(url, excerpt(title ?? url, 140))}${host !== undefined && html` <span class="host">${host}</span>`}
  </li>`;
}

function product({ title, url, rating, reviews }: Product): Markup {
  const name = excerpt(title ?? url ?? 'unnamed product', 140);
  const stars = rating === undefined ? '' : `${rating} of 5`;
  const facts = [stars, reviews === undefined ? '' : count(reviews, 'review')].filter((fact) => fact !== '');
  return html`<li>
    ${url === undefined ? html`<bdi>${name}</bdi>` : outsideLink(url, name)}${facts.length > 0 && html` <span class="host">${facts.join(', ')}</span>`}
  </li>`;
}

function words(text: string): Markup {
  return html`<li><bdi>${text}</bdi></li>`;
}
