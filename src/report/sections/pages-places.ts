import { citing, type Group, type Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { brandNames, heat, scrolling, type Page } from '../page.ts';
import { bestPlace, placing } from '../places.ts';
import { count } from '../words.ts';
import { promptTable } from './prompt-table.ts';

/** More rows than this say little: what follows is on a handful of pages each. */
const SHOWN_WEBSITES = 15;

/** Best place of each brand by prompt and search engine; of the first website where no brand was given. */
export function placesByPrompt(page: Page): Markup {
  const { brands, pages } = page.analysis;
  const label = brands ? 'Best places of brands' : 'First places';
  const lead = brands
    ? 'The best place of an entry that names the brand in its title or description.'
    : 'The website in the first place that has one.';
  return html`<h3 class="within">${label}, prompt by prompt</h3>
    <p class="lead">${lead}</p>
    ${promptTable(page, {
      label,
      caption: `${label} by prompt and search engine`,
      engines: pages,
      answered: (one) => placesOn(page, one),
      named: ({ results, name, where }) => {
        const listing = placing(results, name);
        const place = bestPlace(results, 'names', name);
        const pagesOf = page.subsets.count(`${where}, lists ${name}`, listing);
        return place === undefined ? html`` : html`#${place}, <span class="muted">on ${pagesOf}</span>`;
      },
    })}`;
}

function placesOn({ analysis }: Page, one: Result): Markup | Markup[] | string {
  const { brands, names } = analysis;
  const { places } = one;
  if (places === undefined) return 'not readable';
  if (brands === undefined) {
    const [first] = [...places.domains].toSorted(([, a], [, b]) => a - b);
    return first === undefined ? 'no website' : html`#${first[1]} <bdi class="domain">${first[0]}</bdi>`;
  }
  const found = names.filter((name) => places.names.has(name));
  return found.length === 0
    ? html`<span class="muted">none listed</span>`
    : found.map(
        (name, i) => html`${i > 0 && ', '}${brandNames([name], brands.brand)} #${places.names.get(name)}`,
      );
}

/** Websites by search engines: on how many pages each is listed, and its best place. */
export function placesByWebsite(page: Page): Markup[] {
  const { listed, pages, results } = page.analysis;
  if (listed.length === 0) return [];
  const read = results.filter((one) => one.places !== undefined);
  const rest = listed.length - SHOWN_WEBSITES;
  const more =
    rest > 0 ? ` ${count(rest, 'more website')} ${rest === 1 ? 'is' : 'are'} listed less often.` : '';
  return [
    html`<h3 class="within">Who is listed</h3>
      <p class="lead">Websites on result pages, counted once a page, with their best place.${more}</p>`,
    scrolling(
      'Who is listed',
      html`<table class="grid">
        <caption>
          Websites by search engine: share of pages that list it, and its best place
        </caption>
        <thead>
          <tr>
            <th scope="col">Website</th>
            <th scope="col">All</th>
            ${pages.map((engine) => html`<th scope="col">${engine.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${listed.slice(0, SHOWN_WEBSITES).map((website) => row(page, website, read))}
        </tbody>
      </table>`,
    ),
  ];
}

function row({ analysis, subsets }: Page, website: Group, read: readonly Result[]): Markup {
  const cell = (where: string, of: readonly Result[]) => {
    const part = citing(of, website.name);
    const place = bestPlace(part, 'domains', website.name);
    return html`<td class="heat ${heat(part.length, of.length)}">
      ${subsets.share(`${where} that list ${website.name}`, part, of.length)}${place !== undefined && html`<small>best #${place}</small>`}
    </td>`;
  };
  return html`<tr>
    <th scope="row"><bdi class="domain">${website.name}</bdi></th>
    ${cell('Pages', read)}${analysis.pages.map((engine) => cell(`${engine.name}: pages`, engine.read))}
  </tr> `;
}
