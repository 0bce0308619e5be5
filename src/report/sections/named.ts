import { naming, type Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { command, heat, scrolling, section, type Page } from '../page.ts';

/** Brands by AI engines: in how many answers each is named. With result pages alone, only how to give brands. */
export function namedSection({ analysis, subsets }: Page): Markup | '' {
  const { brands, names, engines, answers, data } = analysis;
  if (!brands) {
    return section(
      'named',
      'Who is named',
      html`No brand was given. Add yours and its rivals:
      ${command(`gleaner report ${data.batchId} --brand "Lumora" --rivals "Brightwell,Kestrel Labs"`)}`,
      [],
    );
  }
  if (engines.length === 0) return '';
  const read = answers.filter((one) => one.text !== undefined);
  const cell = (where: string, name: string, of: readonly Result[]) => {
    const part = naming(of, name);
    return html`<td class="heat ${heat(part.length, of.length)}">
      ${subsets.share(`${where} that name ${name}`, part, of.length)}
    </td>`;
  };
  const nobody = (where: string, of: readonly Result[]) =>
    html`<td>
      ${subsets.share(
        `${where} that name none of them`,
        of.filter((one) => one.names.size === 0),
        of.length,
      )}
    </td>`;
  return section(
    'named',
    'Who is named',
    'Share of each engine’s answers that name the brand at least once. Darker is more.',
    scrolling(
      'Who is named',
      html`<table class="grid">
        <caption>
          Brands by engine: share of answers, and answers naming it of answers read
        </caption>
        <thead>
          <tr>
            <th scope="col">Brand</th>
            <th scope="col">All</th>
            ${engines.map((engine) => html`<th scope="col">${engine.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${names.map(
            (name) =>
              html`<tr class="${name === brands.brand ? 'own' : 'rival'}">
                <th scope="row"><bdi>${name}</bdi></th>
                ${cell('Answers', name, read)}${engines.map((engine) => cell(`${engine.name}: answers`, name, engine.read))}
              </tr> `,
          )}
          <tr class="nobody">
            <th scope="row">None of them</th>
            ${nobody('Answers', read)}${engines.map((engine) => nobody(`${engine.name}: answers`, engine.read))}
          </tr>
        </tbody>
      </table>`,
    ),
  );
}
