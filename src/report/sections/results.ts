import { formatCharge, isFree } from '../../contracts/money.ts';
import type { Prompt, Result } from '../analyse.ts';
import type { Mention } from '../mentions.ts';
import { highlighted } from '../highlight.ts';
import { html, type Markup } from '../markup.ts';
import { brandNames, type Page } from '../page.ts';
import { count, duration, everything, excerpt, instant, marketName, STATES } from '../words.ts';
import { rankList } from './rank-list.ts';
import { sources } from './sources.ts';

/** Longer answers and prompts are folded behind their first lines. */
const FOLD_CHARS = 600;
const EXCERPT_CHARS = 260;

/** Every result in full, prompt by prompt; one piece a prompt, so that thousands need not be one string. */
export function* resultsSection(page: Page): Iterable<Markup> {
  if (page.analysis.results.length === 0) return;
  yield html`<h2 class="part-heading" id="results">${everything(page.analysis)}</h2> `;
  for (const prompt of page.analysis.prompts) yield promptGroup(page, prompt);
}

function promptGroup(page: Page, prompt: Prompt): Markup {
  const text = prompt.prompt;
  const isLong = text.length > FOLD_CHARS;
  const market =
    page.analysis.markets.length > 1 && html`<span class="muted"> · ${marketName(prompt.market)}</span>`;
  const whole = html`<details>
    <summary>Whole prompt, ${count(text.length, 'character')}</summary>
    <pre class="text" dir="auto">${text}</pre>
  </details>`;
  return html`<section class="group" id="${prompt.anchor}">
    <div class="prompt">
      <h3><bdi class="kept">${isLong ? excerpt(text, EXCERPT_CHARS) : text}</bdi>${market}</h3>
      ${isLong && whole}
    </div>
    ${prompt.results.map((one) => article(page, one))}
  </section>`;
}

function article(page: Page, one: Result): Markup {
  const { sign, word } = STATES[one.state];
  const { record, answer } = one;
  const tags = [
    one.late && 'late',
    answer?.cached && 'cached',
    (one.input.sample ?? 1) > 1 && `sample ${one.input.sample}`,
    record?.simulated && 'simulated',
  ].filter((tag) => typeof tag === 'string');
  return html`<article class="result ${one.state}" id="${one.anchor}">
    <header>
      <h4>${one.engine}</h4>
      <span class="state"><span class="sign" aria-hidden="true">${sign}</span> ${word}</span>
      ${tags.map((tag) => html`<span class="tag">${tag}</span> `)} ${named(page, one)}
    </header>
    ${problems(one)} ${answer && answerText(answer.text, one.mentions, page.analysis.brands?.brand)}
    ${answer && rankList(page, answer.ranks)} ${answer && sources(answer)} ${recordLine(one)}
  </article>`;
}

function problems({ problem, record }: Result): Markup[] {
  const failure = record?.failure;
  return [
    ...(problem === undefined ? [] : [html`<p class="message" dir="auto">${problem}</p>`]),
    ...(failure ? [html`<p class="message" dir="auto"><b>${failure.type}</b> ${failure.message}</p>`] : []),
  ];
}

function named({ analysis }: Page, one: Result): Markup | false {
  const names = analysis.names.filter((name) => one.names.has(name));
  return (
    names.length > 0 &&
    html`<span class="names"
      >${one.places ? 'lists' : 'names'} ${brandNames(names, analysis.brands?.brand)}</span
    >`
  );
}

function answerText(text: string, mentions: readonly Mention[], own: string | undefined): Markup | '' {
  if (text.trim() === '') return '';
  const whole = html`<pre class="text" dir="auto">${highlighted(text, mentions, own)}</pre>`;
  if (text.length <= FOLD_CHARS) return whole;
  return html`<details class="answer">
    <summary>
      <span class="preview" dir="auto">${excerpt(text, EXCERPT_CHARS)}</span>
      <span class="more">All ${count(text.length, 'character')}</span>
    </summary>
    ${whole}
  </details>`;
}

function recordLine(one: Result): Markup {
  const { record, open } = one;
  const submittedAt = record?.submittedAt ?? open?.submittedAt;
  const charge = record?.charge ?? open?.charge ?? {};
  const uncertain = record?.possiblySpent ?? open?.possiblySpent ?? {};
  const facts = [
    isFree(charge) ? 'nothing charged' : `${formatCharge(charge)} charged`,
    !isFree(uncertain) && `${formatCharge(uncertain)} possibly spent`,
    record && !isFree(record.refundExpected) && `${formatCharge(record.refundExpected)} expected back`,
    record && record.submissions > 1 && `ordered ${record.submissions} times`,
    submittedAt ? `ordered ${instant(submittedAt)}` : 'not ordered',
    one.durationMs !== undefined && `answered after ${duration(one.durationMs)}`,
    record?.collectedAt && `collected ${instant(record.collectedAt)}`,
    one.answer?.model && `model ${one.answer.model}`,
  ].filter((fact) => typeof fact === 'string' && fact !== '');
  return html`<p class="record">
    ${facts.join(' · ')}<br /><code>${one.scrapeId}</code
    >${record?.result && html` · raw body <code>${record.result.path}</code>`}
  </p>`;
}
