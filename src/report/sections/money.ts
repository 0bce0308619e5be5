import { addCharges, formatCharge, isFree, type Charge } from '../../contracts/money.ts';
import { costOf, type Cost, type Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { bar, scrolling, section, type Page } from '../page.ts';
import { count } from '../words.ts';

interface Row {
  kind: keyof Cost;
  name: string;
  results: Result[];
  meaning: string;
}

/** What it cost, what may come back, what may have been spent on top, against the ceiling. */
export function moneySection(page: Page): Markup {
  const { money, data, maxCredits } = page.analysis;
  const lead = data.simulated ? 'Simulated: these are the prices, but nothing was paid.' : '';
  const table = html`<table class="plain">
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
      ${rows(page).map((row) => rowMarkup(page, row))}
    </tbody>
  </table>`;
  const most = addCharges(money.charge, money.possiblySpent);
  return section('money', 'What it cost', lead, [
    scrolling('What it cost', table),
    maxCredits === undefined ? bound(data.manifest.bound) : ceiling(most, maxCredits),
  ]);
}

function rows({ analysis: { money } }: Page): Row[] {
  return [
    {
      kind: 'charge',
      name: 'Charged',
      results: money.charged,
      meaning: 'What the provider charges for what was ordered, failures included.',
    },
    {
      kind: 'possiblySpent',
      name: 'Possibly spent',
      results: money.uncertain,
      meaning: isFree(money.possiblySpent)
        ? 'Every order was clearly taken or clearly not.'
        : 'Orders whose confirmation was lost: they may be on the bill, on top of what is charged.',
    },
    {
      kind: 'refundExpected',
      name: 'Refund expected',
      results: money.refundable,
      meaning: isFree(money.refundExpected)
        ? 'Nothing to come back.'
        : 'The part of what is charged that the provider says it gives back, but does not confirm.',
    },
  ];
}

/** Amount and number lead to one list, in which each row says its own amount. */
function rowMarkup({ analysis, subsets }: Page, { kind, name, results, meaning }: Row): Markup {
  const title = `Money: ${name.toLowerCase()}`;
  const fact = (one: Result) => formatCharge(costOf(one)[kind]);
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="number">${subsets.measure(formatCharge(analysis.money[kind]), title, results, fact)}</td>
    <td class="number">
      ${subsets.count(title, results, fact)}
      <span class="muted">${results.length === 1 ? 'answer' : 'answers'}</span>
    </td>
    <td>${meaning}</td>
  </tr>`;
}

function bound(most: Charge): Markup {
  return html`<p class="muted">
    If everything is ordered once, this batch costs at most ${formatCharge(most)}.
  </p>`;
}

function ceiling(most: Charge, maxCredits: number): Markup {
  const spent = most.credits ?? 0;
  return html`<p>
      ${count(spent, 'credit')} of a ceiling of ${count(maxCredits, 'credit')}, possibly spent ones included.
    </p>
    ${bar(spent / (maxCredits || 1))}`;
}
