import { naming, type Analysis, type Engine, type Group } from '../analyse.ts';
import { formatCharge, formatUsd, isFree, totalUsdMicros } from '../../contracts/money.ts';
import type { Page } from '../page.ts';
import { html, type Markup } from '../markup.ts';
import { bestPlace, placing } from '../places.ts';
import { count, describeCeiling, duration, listed, number, percent } from '../words.ts';

/** Three to four sentences for somebody who reads nothing else. */
export function summary(page: Page): Markup {
  const sentences = [
    answeredSentence(page),
    namedSentence(page),
    citedSentence(page),
    listedSentence(page),
    moneySentence(page.analysis),
  ];
  return html`<section class="summary" id="summary" aria-label="Summary">
    ${sentences.map((one) => one !== '' && html`<p>${one}</p> `)}
  </section>`;
}

function answeredSentence({ analysis, subsets }: Page): Markup {
  const { data, results, states } = analysis;
  const engines = [...analysis.engines, ...analysis.pages];
  const done = states.get('done') ?? [];
  const late = results.filter((one) => one.late);
  const open = (states.get('open') ?? []).filter((one) => !one.late);
  const ended = results.filter((one) => one.state !== 'done' && one.state !== 'open');
  const rest: Array<Markup | false> = [
    ended.length > 0 && html`${subsets.count('Ended without an answer', ended)} ended without one`,
    open.length > 0 && html`${subsets.count('Still on their way', open)} ${are(open)} on the way`,
    late.length > 0 && html`${subsets.count('Late', late)} ${are(late)} late`,
    data.lostPages.length > 0 && html`${number(lostScrapes(analysis))} cannot be read from the store`,
  ];
  const clauses = rest
    .filter((clause) => clause !== false)
    .map((clause, i) => html`${i === 0 ? '; ' : ', '}${clause}`);
  const fastest = withMost(engines, (engine) => -(engine.medianMs ?? Infinity));
  const speed =
    fastest?.medianMs !== undefined &&
    engines.length > 1 &&
    html` ${fastest.name} was the fastest, with
    ${subsets.measure(duration(fastest.medianMs), `${fastest.name}: answered, fastest first`, fastest.timed)}
    for a typical answer.`;
  const total = html`<a href="#outcomes">${number(data.manifest.total)}</a>`;
  return html`${subsets.count('Answered', done)} of ${total}
  ${analysis.pages.length === 0 ? 'answers' : 'results'} are in${clauses}.${speed}`;
}

function compared(own: number, rival: number): string {
  if (own === rival) return 'level with';
  return own > rival ? 'ahead of' : 'behind';
}

function are(list: readonly unknown[]): string {
  return list.length === 1 ? 'is' : 'are';
}

function namedSentence(page: Page): Markup | '' {
  const { analysis, subsets } = page;
  const { brands, names } = analysis;
  if (!brands) return html`<a href="#named">Add your brand</a> to see who is named.`;
  const read = analysis.answers.filter((one) => one.text !== undefined);
  if (read.length === 0) return '';
  const own = naming(read, brands.brand);
  const leader = withMost(
    names.filter((name) => name !== brands.brand).map((name) => ({ name, results: naming(read, name) })),
    (rival) => rival.results.length,
  );
  const other = leader && subsets.share(`Answers that name ${leader.name}`, leader.results, read.length);
  const side = leader && compared(own.length, leader.results.length);
  const versus = leader && html`, ${side} <bdi>${leader.name}</bdi> (${other})`;
  const share = subsets.share(`Answers that name ${brands.brand}`, own, read.length);
  const spread = extremes(page, brands.brand);
  return html`<strong><bdi>${brands.brand}</bdi></strong> is named in ${share} of the
    answers${versus}${spread}.`;
}

function citedSentence({ analysis, subsets }: Page): Markup | '' {
  const [top, second] = analysis.domains;
  if (top === undefined) return '';
  const cites = (domain: Group) => subsets.count(`Answers that cite ${domain.name}`, domain.results);
  const then = second && html`, then <bdi>${second.name}</bdi>, in ${cites(second)}`;
  return html`The answers cite <a href="#cited">${count(analysis.domains.length, 'website')}</a>: most often
    <bdi>${top.name}</bdi>, in ${cites(top)} answers${then}.`;
}

/** Where the brand stands on result pages, or who stands there most often. */
function listedSentence({ analysis, subsets }: Page): Markup | '' {
  const { brands, results, listed } = analysis;
  const read = results.filter((one) => one.places !== undefined);
  if (read.length === 0) return '';
  const all = html`<a href="#pages">${count(read.length, 'result page')}</a>`;
  if (!brands) {
    const [top] = listed;
    if (top === undefined) return '';
    return html`On ${all}, <bdi>${top.name}</bdi> is listed most often: on
      ${subsets.count(`Pages that list ${top.name}`, top.results)}.`;
  }
  const listing = placing(read, brands.brand);
  const best = bestPlace(read, 'names', brands.brand);
  const where = best !== undefined && html`, at best in place ${best}`;
  return html`Of ${all}, ${subsets.share(`Pages that list ${brands.brand}`, listing, read.length)} list
    <bdi>${brands.brand}</bdi>${where}.`;
}

function moneySentence({ money, ceiling: most, usdPerCredit, data }: Analysis): Markup {
  const ceiling = most === undefined ? '' : `, of at most ${describeCeiling(most)} allowed`;
  const total = money.charge.credits ? totalUsdMicros(money.charge, usdPerCredit) : undefined;
  const inAll = total === undefined ? '' : ` (${formatUsd(total)} in all)`;
  const extra = [
    !isFree(money.possiblySpent) && `${formatCharge(money.possiblySpent)} more may have been spent`,
    !isFree(money.refundExpected) && `${formatCharge(money.refundExpected)} should come back`,
  ].filter((part) => part !== false);
  const verb = data.simulated ? 'it would have cost' : 'it cost';
  const opening = data.record ? verb.replace('it', 'It') : `So far ${verb}`;
  return html`${opening}
    <a href="#money">${formatCharge(money.charge)}</a
    >${inAll}${ceiling}${extra.length > 0 && `; ${listed(extra)}`}.`;
}

/** The engines that name the brand most and least, if they differ. */
function extremes({ analysis, subsets }: Page, brand: string): Markup | '' {
  const engines = analysis.engines.filter((engine) => engine.read.length > 0);
  const share = (engine: Engine) => naming(engine.read, brand).length / engine.read.length;
  const most = withMost(engines, share);
  const least = withMost(engines, (engine) => -share(engine));
  if (!most || !least || share(most) === share(least)) return '';
  const shown = (engine: Engine) => {
    const part = naming(engine.read, brand);
    const title = `${engine.name}: answers that name ${brand}`;
    return html`${engine.name} (${subsets.measure(percent(part.length, engine.read.length), title, part)})`;
  };
  return html`; most by ${shown(most)}, least by ${shown(least)}`;
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
