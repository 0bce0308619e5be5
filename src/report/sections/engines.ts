import type { Engine } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { bar, scrolling, section, type Page } from '../page.ts';
import { duration } from '../words.ts';

/** The AI engines side by side. Empty if none was asked. */
export function enginesSection(page: Page): Markup | '' {
  const { brands, engines } = page.analysis;
  if (engines.length === 0) return '';
  const slowest = Math.max(1, ...engines.map((engine) => engine.medianMs ?? 0));
  const mostCited = Math.max(1, ...engines.map(perAnswer));
  const scale: Scale = { slowest, mostCited };
  const columns = [
    html`Engine`,
    html`Answered`,
    html`Typical time`,
    html`Sources per answer`,
    ...(brands ? [html`Names <bdi>${brands.brand}</bdi>`] : []),
    ...(hasRivals(page) ? [html`Names a rival`] : []),
    html`Most cited website`,
  ];
  const table = html`<table class="cards">
    <caption>
      Each engine: answers, time, sources${brands && ' and names'}
    </caption>
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${engines.map((engine) => row(page, engine, scale))}
    </tbody>
  </table>`;
  return section(
    'engines',
    'Engines side by side',
    'Every number opens the list of answers behind it.',
    scrolling('Engines side by side', table),
  );
}

function row(page: Page, engine: Engine, scale: Scale): Markup {
  const { brands } = page.analysis;
  const cells: Array<[string, Markup]> = [
    ['Answered', answeredCell(page, engine)],
    ['Typical time', timeCell(page, engine, scale)],
    ['Sources per answer', sourcesCell(page, engine, scale)],
    ...(brands
      ? [[`Names ${brands.brand}`, namesCell(page, engine, [brands.brand], 'own')] as [string, Markup]]
      : []),
    ...(brands && hasRivals(page)
      ? [['Names a rival', namesCell(page, engine, brands.rivals, 'rival')] as [string, Markup]]
      : []),
    ['Most cited website', websiteCell(page, engine)],
  ];
  return html`<tr>
    <th scope="row">${engine.name}</th>
    ${cells.map(([label, cell]) => html`<td data-label="${label}"><div>${cell}</div></td>`)}
  </tr>`;
}

interface Scale {
  slowest: number;
  mostCited: number;
}

function answeredCell({ subsets }: Page, { name, answered, results }: Engine): Markup {
  const asked = subsets.count(`${name}: asked`, results);
  return html`${subsets.count(`${name}: answered`, answered)}
    <span class="muted">of ${asked}</span> ${bar(answered.length / results.length)}`;
}

function timeCell({ subsets }: Page, { name, medianMs, timed }: Engine, { slowest }: Scale): Markup {
  if (medianMs === undefined) return html`–`;
  return html`${subsets.measure(duration(medianMs), `${name}: answered, fastest first`, timed)}
  ${bar(medianMs / slowest)}`;
}

function sourcesCell({ subsets }: Page, engine: Engine, { mostCited }: Scale): Markup {
  const { name, sourced } = engine;
  if (sourced.length === 0) return html`<span class="muted">lists none</span>`;
  return html`${subsets.measure(perAnswer(engine).toFixed(1), `${name}: answers with sources`, sourced)}
  ${bar(perAnswer(engine) / mostCited)}`;
}

function namesCell({ subsets }: Page, engine: Engine, names: string[], tone: 'own' | 'rival'): Markup {
  const { name, read } = engine;
  const naming = read.filter((one) => names.some((other) => one.names.has(other)));
  const title = `${name}: answers that name ${tone === 'own' ? names.join() : 'a rival'}`;
  return html`${subsets.share(title, naming, read.length)} ${bar(naming.length / (read.length || 1), tone)}`;
}

function websiteCell({ subsets }: Page, { name, topDomain }: Engine): Markup {
  if (topDomain === undefined) return html`–`;
  const answers = subsets.count(`${name}: answers that cite ${topDomain.name}`, topDomain.results);
  return html`<bdi class="domain">${topDomain.name}</bdi> <span class="muted">in ${answers}</span>`;
}

function hasRivals({ analysis }: Page): boolean {
  return (analysis.brands?.rivals ?? []).length > 0;
}

function perAnswer({ citations, sourced }: Engine): number {
  return sourced.length === 0 ? 0 : citations / sourced.length;
}
