import type { Engine } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { bar, scrolling, section, type Page } from '../page.ts';
import { placing } from '../places.ts';
import { duration } from '../words.ts';
import { placesByPrompt, placesByWebsite } from './pages-places.ts';

/** Search engines: what their pages of results list, and where. Empty if none was asked. */
export function pagesSection(page: Page): Markup | '' {
  const { pages } = page.analysis;
  if (pages.length === 0) return '';
  return section(
    'pages',
    'On result pages',
    'Search engines list others and say nothing themselves, so they are in no comparison with AI engines. A place counts all entries of a page, from 1.',
    [sideBySide(page), placesByPrompt(page), ...placesByWebsite(page)],
  );
}

function sideBySide(page: Page): Markup {
  const { brands, pages } = page.analysis;
  const rows = pages.map((engine) => ({ engine, cells: cellsOf(page, engine) }));
  const columns = [
    'Answered',
    'Typical time',
    'Entries per page',
    ...(brands ? [`Lists ${brands.brand}`] : []),
    'Most listed website',
  ];
  return scrolling(
    'Search engines side by side',
    html`<table class="cards">
      <caption>
        Each search engine: pages, time, entries${brands && ' and names'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Search engine</th>
          ${columns.map((column) => html`<th scope="col"><bdi>${column}</bdi></th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ engine, cells }) =>
            html`<tr>
              <th scope="row">${engine.name}</th>
              ${cells.map((cell, i) => html`<td data-label="${columns[i]}"><div>${cell}</div></td>`)}
            </tr> `,
        )}
      </tbody>
    </table>`,
  );
}

/** In the order of the columns. */
function cellsOf({ analysis, subsets }: Page, engine: Engine): Markup[] {
  const { name, results, answered, read, timed, medianMs, topDomain } = engine;
  const own = analysis.brands?.brand;
  const listing = own === undefined ? [] : placing(read, own);
  const time = medianMs === undefined ? '–' : duration(medianMs);
  return [
    html`${subsets.count(`${name}: answered`, answered)}
      <span class="muted">of ${subsets.count(`${name}: asked`, results)}</span>
      ${bar(answered.length / results.length)}`,
    html`${subsets.measure(time, `${name}: answered, fastest first`, timed)}`,
    html`${subsets.measure(perPage(engine), `${name}: pages`, read)}`,
    ...(own === undefined
      ? []
      : [
          html`${subsets.share(`${name}: pages that list ${own}`, listing, read.length)}
          ${bar(listing.length / (read.length || 1), 'own')}`,
        ]),
    topDomain === undefined
      ? html`–`
      : html`<bdi class="domain">${topDomain.name}</bdi>
          <span class="muted"
            >on ${subsets.count(`${name}: pages that list ${topDomain.name}`, topDomain.results)}</span
          >`,
  ];
}

function perPage({ read }: Engine): string {
  const entries = read.reduce((sum, one) => sum + (one.answer?.ranks?.length ?? 0), 0);
  return read.length === 0 ? '–' : (entries / read.length).toFixed(1);
}
