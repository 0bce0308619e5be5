import { html, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';
import { clock, count, day, everything, listed, marketName, moment, number } from '../words.ts';

/** Title, and what was asked of whom and when. */
export function masthead({ analysis }: Page): Markup {
  const { data, prompts, markets } = analysis;
  const samples = Math.max(1, ...analysis.results.map((one) => one.input.sample ?? 1));
  const each = samples === 1 ? 'once' : `${number(samples)} times`;
  const facts: Array<[string, Markup]> = [
    ['Asked', html`${count(prompts.length, 'prompt')} to ${enginesOf(analysis)}, each ${each}`],
    ['Where', html`${listed(markets.map(marketName))}`],
    ['When', html`${when(analysis)}`],
    ['Batch', html`<code>${data.batchId}</code>`],
  ];
  return html`<header class="masthead">
    <p class="kicker">
      ${analysis.engines.length === 0 ? 'Result pages' : 'AI answers'} compared ·
      ${day(data.manifest.createdAt)}
    </p>
    <h1 dir="auto">${title(analysis)}</h1>
    <dl class="facts">
      ${facts.map(
        ([name, fact]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${fact}</dd>
          </div>`,
      )}
    </dl>
  </header>`;
}

/** Says that nothing here is real, at the top and all along the page. */
export function simulatedBanner({ analysis }: Page): Markup | '' {
  if (!analysis.data.simulated) return '';
  return html`<p class="simulated">
      <strong>SIMULATED</strong> Every answer on this page was made up by Gleaner’s own simulator. No AI
      engine was asked and no money was spent. Do not quote these numbers.
    </p>
    <p class="watermark" aria-hidden="true">${'SIMULATED · not real answers · '.repeat(12)}</p> `;
}

/** The contents line. */
export function contents({ analysis }: Page): Markup {
  const asked = analysis.engines.length > 0;
  const parts: Array<[string, string] | false> = [
    asked && ['engines', 'Engines'],
    (asked || !analysis.brands) && ['named', 'Who is named'],
    asked && ['cited', 'Who is cited'],
    asked && ['prompts', 'Prompt by prompt'],
    analysis.pages.length > 0 && ['pages', 'On result pages'],
    ['outcomes', 'Outcomes'],
    ['money', 'Money'],
    analysis.results.length > 0 && ['results', everything(analysis)],
    ['method', 'How it is counted'],
  ];
  return html`<nav aria-label="Contents">
    ${parts.map((part) => part && html`<a href="#${part[0]}">${part[1]}</a> `)}
  </nav> `;
}

export function title(analysis: Page['analysis']): string {
  const { brands, engines, pages, prompts } = analysis;
  if (!brands) return `How ${enginesOf(analysis)} answered ${count(prompts.length, 'prompt')}`;
  const places = [
    ...(engines.length > 0 ? [`in the answers of ${count(engines.length, 'AI engine')}`] : []),
    ...(pages.length > 0 ? [`on the pages of ${count(pages.length, 'search engine')}`] : []),
  ];
  return `${brands.brand} ${listed(places)}`;
}

/** `7 AI engines and 1 search engine`. */
function enginesOf({ engines, pages }: Page['analysis']): string {
  return listed([
    ...(engines.length > 0 || pages.length === 0 ? [count(engines.length, 'AI engine')] : []),
    ...(pages.length > 0 ? [count(pages.length, 'search engine')] : []),
  ]);
}

function when({ data }: Page['analysis']): string {
  const { createdAt } = data.manifest;
  if (!data.record) return `${moment(createdAt)}; not finished yet`;
  const { endedAt } = data.record;
  return day(createdAt) === day(endedAt)
    ? `${day(createdAt)}, ${clock(createdAt)} to ${clock(endedAt)} UTC`
    : `${moment(createdAt)} to ${moment(endedAt)}`;
}
