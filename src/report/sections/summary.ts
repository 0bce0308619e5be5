import { naming, type Analysis, type Engine } from '../analyse.ts';
import { formatCharge, isFree } from '../../contracts/money.ts';
import { command, type Page } from '../page.ts';
import { html, type Markup } from '../markup.ts';
import { count, listed, number, percent } from '../words.ts';

/** Three to four sentences for somebody who reads nothing else. */
export function summary(page: Page): Markup {
  const sentences = [
    answeredSentence(page),
    namedSentence(page),
    citedSentence(page),
    moneySentence(page.analysis),
  ];
  return html`<section class="summary" id="summary" aria-label="Summary">
    ${sentences.map((one) => one !== '' && html`<p>${one}</p>`)}
  </section> `;
}

function answeredSentence({ analysis, subsets }: Page): Markup {
  const { data, results, states, engines } = analysis;
  const done = states.get('done') ?? [];
  const late = results.filter((one) => one.late);
  const open = (states.get('open') ?? []).filter((one) => !one.late);
  const ended = results.filter((one) => one.state !== 'done' && one.state !== 'open');
  const rest = [
    ended.length > 0 && html`${subsets.count('Ended without an answer', ended)} ended without one`,
    open.length > 0 &&
      html`${subsets.count('Still on their way', open)} ${open.length === 1 ? 'is' : 'are'} on the way`,
    late.length > 0 && html`${subsets.count('Late', late)} ${late.length === 1 ? 'is' : 'are'} late`,
    data.lostPages.length > 0 && html`${number(lostScrapes(analysis))} cannot be read from the store`,
  ].filter((part) => part !== false);
  const fastest = withMost(engines, (engine) => -(engine.medianMs ?? Infinity));
  return html`${subsets.count('Answered', done)} of ${number(data.manifest.total)} answers are
  in${rest.map((part) => html`, ${part}`)}.${fastest?.medianMs !== undefined && engines.length > 1 && html` ${fastest.name} was the fastest.`}`;
}

function namedSentence({ analysis, subsets }: Page): Markup | '' {
  const { brands, names, engines, data } = analysis;
  if (!brands) {
    return html`To see who is named in the answers, make this page with your brand:
    ${command(`gleaner report ${data.batchId} --brand "Lumora" --rivals "Brightwell,Kestrel Labs"`)}`;
  }
  const read = analysis.results.filter((one) => one.text !== undefined);
  if (read.length === 0) return '';
  const own = naming(read, brands.brand);
  const ranking = names
    .map((name) => ({ name, results: naming(read, name) }))
    .sort((a, b) => b.results.length - a.results.length);
  const place = ranking.filter((one) => one.results.length > own.length).length;
  const leader = ranking.find((one) => one.name !== brands.brand);
  const versus =
    leader &&
    (place === 0
      ? html`, ahead of
          <bdi>${leader.name}</bdi>
          (${subsets.share(`Answers that name ${leader.name}`, leader.results, read.length)})`
      : html`, behind
          <bdi>${leader.name}</bdi>
          (${subsets.share(`Answers that name ${leader.name}`, leader.results, read.length)})`);
  return html`<strong><bdi>${brands.brand}</bdi></strong> is named in
    ${subsets.share(`Answers that name ${brands.brand}`, own, read.length)} of the
    answers${versus}${extremes(sharesOf(engines, brands.brand))}.`;
}

function citedSentence({ analysis, subsets }: Page): Markup | '' {
  const [top, second] = analysis.domains;
  if (top === undefined) return '';
  return html`The answers cite ${count(analysis.domains.length, 'website')}; most often
    <bdi>${top.name}</bdi>, in ${subsets.count(`Answers that cite ${top.name}`, top.results)}
    answers${second && html`, then <bdi>${second.name}</bdi>, in ${subsets.count(`Answers that cite ${second.name}`, second.results)}`}.`;
}

function moneySentence({ money, maxCredits, data }: Analysis): Markup {
  const ceiling = maxCredits === undefined ? '' : `, of at most ${count(maxCredits, 'credit')} allowed`;
  const extra = [
    !isFree(money.possiblySpent) && `${formatCharge(money.possiblySpent)} more may have been spent`,
    !isFree(money.refundExpected) && `${formatCharge(money.refundExpected)} should come back`,
  ].filter((part) => part !== false);
  const verb = data.simulated ? 'would have cost' : 'cost';
  return html`It ${verb}
    <a href="#money">${formatCharge(money.charge)}</a>${ceiling}${extra.length > 0 && `; ${listed(extra)}`}.`;
}

interface Share {
  engine: string;
  part: number;
  whole: number;
}

function sharesOf(engines: readonly Engine[], brand: string): Share[] {
  return engines
    .filter((engine) => engine.read.length > 0)
    .map((engine) => ({
      engine: engine.name,
      part: naming(engine.read, brand).length,
      whole: engine.read.length,
    }));
}

/** The engines that name the brand most and least, if they differ. */
function extremes(shares: readonly Share[]): string {
  const most = withMost(shares, (one) => one.part / one.whole);
  const least = withMost(shares, (one) => -one.part / one.whole);
  if (!most || !least || most.part / most.whole === least.part / least.whole) return '';
  return `; most by ${most.engine} (${percent(most.part, most.whole)}), least by ${least.engine} (${percent(least.part, least.whole)})`;
}

function withMost<T>(list: readonly T[], value: (one: T) => number): T | undefined {
  return list.reduce<T | undefined>(
    (best, one) => (best === undefined || value(one) > value(best) ? one : best),
    undefined,
  );
}

function lostScrapes({ data }: Analysis): number {
  return data.lostPages.reduce((sum, page) => sum + page.scrapes, 0);
}
