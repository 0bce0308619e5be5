import { addCharges, formatCharge, isFree, type Charge } from '../../contracts/money.ts';
import type { Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { bar, scrolling, section, type Page } from '../page.ts';
import { count } from '../words.ts';

/** What it cost, what may come back, what may have been spent on top, against the ceiling. */
export function moneySection({ analysis, subsets }: Page): Markup {
  const { money, data, maxCredits } = analysis;
  const most = addCharges(money.charge, money.possiblySpent);
  const lead = data.simulated ? 'Simulated: these are the prices, but nothing was paid.' : '';
  const row = (name: string, charge: Charge, results: Result[], meaning: string) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="number">${formatCharge(charge)}</td>
      <td class="number">${subsets.count(`Money: ${name.toLowerCase()}`, results)}</td>
      <td>${meaning}</td>
    </tr> `;
  return section(
    'money',
    'What it cost',
    lead,
    html`${scrolling(
      'What it cost',
      html`<table class="plain">
        <caption>
          Charges, and the answers that they are for
        </caption>
        <thead>
          <tr>
            <th scope="col">Money</th>
            <th scope="col">Amount</th>
            <th scope="col">Answers</th>
            <th scope="col">What it means</th>
          </tr>
        </thead>
        <tbody>
          ${row('Charged', money.charge, money.charged, 'What the provider charges for what was ordered, failures included.')}${row('Possibly spent', money.possiblySpent, money.uncertain, isFree(money.possiblySpent) ? 'Every order was clearly taken or clearly not.' : 'Orders whose confirmation was lost: they may be on the bill.')}${row('Refund expected', money.refundExpected, money.refundable, isFree(money.refundExpected) ? 'Nothing to come back.' : 'Part of what was charged that the provider says it gives back, but does not confirm.')}
        </tbody>
      </table>`,
    )}${ceiling(most, maxCredits, data.manifest.bound)}`,
  );
}

function ceiling(most: Charge, maxCredits: number | undefined, bound: Charge): Markup {
  if (maxCredits === undefined) {
    return html`<p class="muted">
      If everything is ordered once, this batch costs at most ${formatCharge(bound)}.
    </p>`;
  }
  const spent = most.credits ?? 0;
  return html`<p>
      At most ${formatCharge(most)} of a ceiling of ${count(maxCredits, 'credit')}, possibly spent included.
    </p>
    ${bar(spent / (maxCredits || 1))}`;
}
