import { citing, type Group } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { heat, scrolling, section, type Page } from '../page.ts';
import { count } from '../words.ts';

/** More rows than this say little: what follows is cited by a handful of answers each. */
const SHOWN_DOMAINS = 15;

/** Websites by AI engines: in how many answers each is given as a source. Empty if none was asked. */
export function citedSection(page: Page): Markup | '' {
  const { domains, engines, answers } = page.analysis;
  if (engines.length === 0) return '';
  const sourced = answers.filter((one) => one.text !== undefined && one.answer?.citations);
  if (domains.length === 0) return section('cited', 'Who is cited', 'No answer lists a source.', []);
  const shown = domains.slice(0, SHOWN_DOMAINS);
  const rest = domains.length - shown.length;
  const silent = engines.filter((engine) => engine.read.length > 0 && engine.sourced.length === 0);
  return section(
    'cited',
    'Who is cited',
    `Websites that answers give as a source, counted once an answer.${rest > 0 ? ` ${count(rest, 'more website')} ${rest === 1 ? 'is' : 'are'} cited less often.` : ''}${silent.length > 0 ? ` Without lists of sources: ${silent.map((engine) => engine.name).join(', ')}.` : ''}`,
    scrolling(
      'Who is cited',
      html`<table class="grid">
        <caption>
          Websites by engine: share of answers with sources, and answers citing it of those
        </caption>
        <thead>
          <tr>
            <th scope="col">Website</th>
            <th scope="col">All</th>
            ${engines.map((engine) => html`<th scope="col">${engine.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map((domain) => row(page, domain, sourced.length))}
        </tbody>
      </table>`,
    ),
  );
}

function row({ analysis, subsets }: Page, domain: Group, sourced: number): Markup {
  const cells = analysis.engines.map((engine) => {
    const part = citing(engine.sourced, domain.name);
    return html`<td class="heat ${heat(part.length, engine.sourced.length)}">
      ${subsets.share(`${engine.name}: answers that cite ${domain.name}`, part, engine.sourced.length)}
    </td>`;
  });
  return html`<tr>
    <th scope="row"><bdi class="domain">${domain.name}</bdi></th>
    <td class="heat ${heat(domain.results.length, sourced)}">
      ${subsets.share(`Answers that cite ${domain.name}`, domain.results, sourced)}
    </td>
    ${cells}
  </tr> `;
}
