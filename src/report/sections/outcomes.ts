import type { ResultState } from '../report-data.ts';
import { html, type Markup } from '../markup.ts';
import { bar, scrolling, section, type Page } from '../page.ts';
import { number, STATES } from '../words.ts';

const ORDER: readonly ResultState[] = [
  'done',
  'empty',
  'open',
  'failed',
  'expired',
  'unknown',
  'cancelled',
  'refused',
  'unreadable',
];

/** How every scrape ended; the rows add up to the total, those without an outcome yet included. */
export function outcomesSection({ analysis, subsets }: Page): Markup {
  const { data, states, results } = analysis;
  const { total } = data.manifest;
  const lost = data.lostPages.reduce((sum, page) => sum + page.scrapes, 0);
  const late = results.filter((one) => one.late);
  const rows = ORDER.map((state) => ({ state, results: states.get(state) ?? [] })).filter(
    (row) => row.results.length > 0,
  );
  return section(
    'outcomes',
    'How all of them ended',
    'Each question asked ends in exactly one way.',
    scrolling(
      'Outcomes',
      html`<table class="plain">
        <caption>
          Outcomes; they add up to ${number(total)}
        </caption>
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col">Number</th>
            <th scope="col">What it means</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ state, results }) =>
              html`<tr class="${state}">
                <th scope="row">
                  <span class="sign" aria-hidden="true">${STATES[state].sign}</span> ${STATES[state].word}
                </th>
                <td class="number">
                  ${subsets.count(`Outcome: ${STATES[state].word}`, results)}${bar(results.length / (total || 1))}
                </td>
                <td>
                  ${STATES[state].meaning}${state === 'open' && late.length > 0 && html` ${subsets.count('Late', late)} of them ${late.length === 1 ? 'is' : 'are'} late: older than almost all answers of that engine get.`}
                </td>
              </tr> `,
          )}${
            lost > 0 &&
            html`<tr>
              <th scope="row"><span class="sign" aria-hidden="true">!</span> lost page</th>
              <td class="number">${lost}</td>
              <td>The list of these could not be read from the store; see below.</td>
            </tr>`
          }
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td class="number">${subsets.count('Everything asked', results)}${lost > 0 && ` + ${lost}`}</td>
            <td></td>
          </tr>
        </tfoot>
      </table>`,
    ),
  );
}
