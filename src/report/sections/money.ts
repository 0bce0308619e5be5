import type { Ceiling } from '../../contracts/ceiling.ts';
import {
  addCharges,
  CURRENCIES,
  formatCharge,
  formatUsd,
  isFree,
  totalUsdMicros,
  type Charge,
} from '../../contracts/money.ts';
import { costOf, type Cost, type Result } from '../analyse.ts';
import { html, type Markup } from '../markup.ts';
import { bar, scrolling, section, type Page } from '../page.ts';
import { describeCeiling } from '../words.ts';

interface Row {
  kind: keyof Cost;
  name: string;
  results: Result[];
  meaning: string;
}

/** What it cost, what may come back, what may have been spent on top, against the ceiling. */
export function moneySection(page: Page): Markup {
  const { money, data, ceiling, usdPerCredit } = page.analysis;
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
    ...inAll(most, usdPerCredit),
    ...(ceiling === undefined ? [bound(data.manifest.bound)] : ceilings(most, ceiling)),
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

/** One line and one bar a currency that has a ceiling. */
function ceilings(most: Charge, ceiling: Ceiling): Markup[] {
  return CURRENCIES.flatMap((currency) => {
    const limit = ceiling[currency];
    if (limit === undefined) return [];
    const spent = most[currency] ?? 0;
    const shown = describeCeiling({ [currency]: spent });
    return html`<p>
        ${shown} of a ceiling of ${describeCeiling({ [currency]: limit })}, possibly spent ones included.
      </p>
      ${bar(spent / (limit || 1))}`;
  });
}

/** Both currencies in one, where it is known what a credit costs. */
function inAll(most: Charge, usdPerCredit: number | undefined): Markup[] {
  const total = most.credits ? totalUsdMicros(most, usdPerCredit) : undefined;
  if (total === undefined) return [];
  return [html`<p>${formatUsd(total)} in all, at $${usdPerCredit} a credit.</p>`];
}
