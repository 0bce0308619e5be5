import { naming, onEngine, type Prompt, type Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { brandNames, scrolling, section, type Page } from '../page.ts';
import { count, excerpt, marketName, STATES } from '../words.ts';

/** Prompts by engines: how each ended and whom it names. */
export function promptsSection(page: Page): Markup {
  const { prompts, engines, brands } = page.analysis;
  return section(
    'prompts',
    'Prompt by prompt',
    `${brands ? 'Whom each answer names. ' : ''}${STATES.done.sign} answered; anything else is written out. Each cell leads to the answer.`,
    scrolling(
      'Prompt by prompt',
      html`<table class="grid prompts">
        <caption>
          Outcome of every prompt on every engine
        </caption>
        <thead>
          <tr>
            <th scope="col">Prompt</th>
            ${engines.map((engine) => html`<th scope="col">${engine.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${prompts.map((prompt) => row(page, prompt))}
        </tbody>
      </table>`,
    ),
  );
}

function row(page: Page, prompt: Prompt): Markup {
  const { engines, markets } = page.analysis;
  return html`<tr>
    <th scope="row">
      <a href="#${prompt.anchor}"><bdi>${excerpt(prompt.prompt, 120)}</bdi></a
      >${markets.length > 1 && html` <small>${marketName(prompt.market)}</small>`}
    </th>
    ${engines.map((engine) => cell(page, prompt, onEngine(prompt.results, engine)))}
  </tr> `;
}

function cell(page: Page, prompt: Prompt, results: Result[]): Markup {
  const [first] = results;
  if (first === undefined) return html`<td class="muted"><span aria-label="not asked">·</span></td>`;
  return results.length === 1 ? single(page, first) : several(page, prompt, results);
}

function single(page: Page, one: Result): Markup {
  const { sign, word } = STATES[one.state];
  const own = page.analysis.brands?.brand;
  const label = one.state === 'done' ? doneLabel(page, one) : one.late ? 'late' : word;
  return html`<td class="cell ${one.state} ${own !== undefined && one.names.has(own) && 'has-own'}">
    <a class="outcome" href="#${one.anchor}"><span class="sign">${sign}</span> <span>${label}</span></a>
  </td>`;
}

function doneLabel({ analysis }: Page, one: Result): Markup | Markup[] | string {
  const { brands, names } = analysis;
  if (one.text === undefined) return 'not readable';
  if (brands === undefined) return count(one.answer?.citations?.length ?? 0, 'source');
  const named = names.filter((name) => one.names.has(name));
  return named.length === 0 ? html`<span class="muted">none named</span>` : brandNames(named, brands.brand);
}

/** Samples of one prompt on one engine are counted; each count leads to its answers. */
function several({ analysis, subsets }: Page, prompt: Prompt, results: Result[]): Markup {
  const where = `${results[0]?.engine}: ${excerpt(prompt.prompt, 60)}`;
  const done = results.filter((one) => one.state === 'done');
  const asked = subsets.count(where, results);
  const named = analysis.names
    .map((name) => ({ name, part: naming(results, name) }))
    .filter(({ part }) => part.length > 0)
    .map(({ name, part }) => {
      const tally = subsets.count(`${where}, names ${name}`, part);
      return html`<div>${brandNames([name], analysis.brands?.brand)} ${tally}</div>`;
    });
  return html`<td class="cell">
    <span class="sign">${STATES.done.sign}</span> ${subsets.count(`${where}, answered`, done)}
    <span class="muted">of ${asked}</span> ${named}
  </td>`;
}
