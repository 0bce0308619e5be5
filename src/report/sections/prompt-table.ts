import { naming, onEngine, type Engine, type Prompt, type Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { brandNames, scrolling, type Page } from '../page.ts';
import { excerpt, marketName, STATES } from '../words.ts';

interface PromptTable {
  label: string;
  caption: string;
  engines: readonly Engine[];
  /** What a cell says of the one answer that it leads to. */
  answered: (one: Result) => Markup | Markup[] | string;
  /** What a cell says of a name that some of its samples have; `where` begins the title of a list. */
  named: (part: { results: Result[]; name: string; where: string }) => Markup;
}

/** Prompts by engines, one row a prompt that any of them was asked. */
export function promptTable(page: Page, table: PromptTable): Markup {
  const { engines } = table;
  const scrapers = new Set(engines.map(({ scraper }) => scraper));
  const asked = page.analysis.prompts.filter(({ results }) =>
    results.some((one) => scrapers.has(one.scraper)),
  );
  return scrolling(
    table.label,
    html`<table class="grid prompts">
      <caption>
        ${table.caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Prompt</th>
          ${engines.map((engine) => html`<th scope="col">${engine.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${asked.map((prompt) => row(page, table, prompt))}
      </tbody>
    </table>`,
  );
}

function row(page: Page, table: PromptTable, prompt: Prompt): Markup {
  const { markets } = page.analysis;
  return html`<tr>
    <th scope="row">
      <a href="#${prompt.anchor}"><bdi>${excerpt(prompt.prompt, 120)}</bdi></a
      >${markets.length > 1 && html` <small>${marketName(prompt.market)}</small>`}
    </th>
    ${table.engines.map((engine) => cell(page, table, prompt, onEngine(prompt.results, engine)))}
  </tr> `;
}

function cell(page: Page, table: PromptTable, prompt: Prompt, results: Result[]): Markup {
  const [first] = results;
  if (first === undefined) return html`<td class="muted"><span aria-label="not asked">·</span></td>`;
  return results.length === 1 ? single(page, table, first) : several(page, table, prompt, results);
}

function single(page: Page, { answered }: PromptTable, one: Result): Markup {
  const { sign, word } = STATES[one.state];
  const own = page.analysis.brands?.brand;
  const label = one.state === 'done' ? answered(one) : one.late ? 'late' : word;
  return html`<td class="cell ${one.state} ${own !== undefined && one.names.has(own) && 'has-own'}">
    <a class="outcome" href="#${one.anchor}"><span class="sign">${sign}</span> <span>${label}</span></a>
  </td>`;
}

/** Samples of one prompt on one engine are counted; each count leads to its answers. */
function several(
  { analysis, subsets }: Page,
  { named }: PromptTable,
  prompt: Prompt,
  results: Result[],
): Markup {
  const where = `${results[0]?.engine}: ${excerpt(prompt.prompt, 60)}`;
  const done = results.filter((one) => one.state === 'done');
  const asked = subsets.count(where, results);
  const names = analysis.names
    .filter((name) => naming(results, name).length > 0)
    .map(
      (name) =>
        html`<div>${brandNames([name], analysis.brands?.brand)} ${named({ results, name, where })}</div>`,
    );
  return html`<td class="cell">
    <span class="sign">${STATES.done.sign}</span> ${subsets.count(`${where}, answered`, done)}
    <span class="muted">of ${asked}</span> ${names}
  </td>`;
}
