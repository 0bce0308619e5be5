import type { Answer, RankedItem } from '../contracts/answer.ts';
import { formatCharge, isFree } from '../contracts/money.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import { formatTotal } from './format-total.ts';

const MAX_TEXT_CHARS = 1_500;
const MAX_CITATIONS = 10;
const MAX_RANKS = 20;

/** A record for people: outcome, money, times, where the result is. */
export function describeRecord(record: ScrapeRecord, usdPerCredit?: number): string[] {
  const { outcome, submissions, charge, possiblySpent, refundExpected, result, failure } = record;
  const money = [
    `charged ${formatTotal(charge, usdPerCredit)}`,
    ...(isFree(possiblySpent) ? [] : [`possibly spent ${formatCharge(possiblySpent)} more`]),
    ...(isFree(refundExpected) ? [] : [`refund of ${formatCharge(refundExpected)} expected`]),
  ];
  return [
    `${record.simulated ? 'SIMULATED · ' : ''}${record.scrapeId} · ${record.scraper} · ${record.market}`,
    `outcome: ${outcome} · ${submissions} submission${submissions === 1 ? '' : 's'} · ${money.join(' · ')}`,
    ...(record.submittedAt === undefined ? [] : [`times: ${describeTimes(record)}`]),
    ...(failure ? [`why: ${failure.type}: ${failure.message}`] : []),
    ...(result
      ? [`result: ${result.path} (${result.bytes} bytes${result.normalized ? '' : ', not normalized'})`]
      : []),
    ...(result?.instead ? [`  as ${result.instead.variant}: ${result.instead.why}`] : []),
    ...(result?.variants ?? []).map(
      ({ variant, path, bytes }) => `  also as ${variant}: ${path} (${bytes} bytes)`,
    ),
  ];
}

/** The answer's text, cut, what it cites and what it lists. */
export function describeAnswer(answer: Answer): string[] {
  const chars = Array.from(answer.text);
  const cut = chars.length > MAX_TEXT_CHARS;
  const text = cut ? `${chars.slice(0, MAX_TEXT_CHARS).join('')}… (cut)` : answer.text;
  const citations = (answer.citations ?? []).slice(0, MAX_CITATIONS);
  const more = (answer.citations?.length ?? 0) - citations.length;
  return [
    ...printable(text).split('\n'),
    ...(citations.length > 0 ? ['', 'cites:'] : []),
    ...citations.map(({ url, title }, i) =>
      printable(`  ${i + 1}. ${title ?? ''}${title ? ' — ' : ''}${url}`),
    ),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...describeRanks(answer.ranks ?? []),
  ];
}

function describeRanks(ranks: readonly RankedItem[]): string[] {
  if (ranks.length === 0) return [];
  const more = ranks.length - MAX_RANKS;
  return [
    '',
    'lists:',
    ...ranks
      .slice(0, MAX_RANKS)
      .map(({ rank, type, title, url }) =>
        printable(`  ${rank}. ${type}${title ? ` · ${title}` : ''}${url ? ` — ${url}` : ''}`),
      ),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** Answers are foreign text: control characters could rewrite what the terminal shows. */
function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}

function describeTimes({ submittedAt, readyAt, collectedAt }: ScrapeRecord): string {
  const parts = [`bought ${submittedAt}`];
  if (readyAt !== undefined) parts.push(`ready ${readyAt}`);
  if (collectedAt !== undefined) parts.push(`collected ${collectedAt}`);
  return parts.join(' · ');
}
