import { styleText } from 'node:util';
import { OUTCOMES } from '../../contracts/outcomes.ts';
import type { BatchRecord } from '../../contracts/batch.ts';
import { formatUsd } from '../../contracts/money.ts';
import type { Analysis } from '../../report/analyse.ts';
import type { GleanerFacts, Side } from './facts.ts';
import type { Kill } from './kill.ts';
import { comparisonTable, engineTable } from './tables.ts';

/** Everything that was measured in the run. */
export interface Findings {
  batchId: string;
  simulated: boolean;
  /** Times faster than life; 1 with `--live`. */
  speed: number;
  brand: string;
  record: BatchRecord;
  analysis: Analysis;
  /** Ended scrapes that Temporal lists; undefined where it cannot list them. */
  workflows: number | undefined;
  gleaner: GleanerFacts;
  plain?: Side;
  kill?: Kill & { successor: number | undefined };
}

/** The result of the demo in lines, and what in it contradicts itself. */
export function lastScreen(findings: Findings): { lines: string[]; contradictions: string[] } {
  const { batchId, simulated, speed, brand, gleaner, plain } = findings;
  const contradictions = findContradictions(findings);
  const title = simulated
    ? 'SIMULATED: no provider was asked, no money was spent'
    : 'bought from the real provider';
  const pace = simulated ? `; the simulator runs ${speed} times faster than life` : '';
  const lines = [
    bold(title),
    batchId,
    '',
    engineTable(findings.analysis, brand),
    dim(`* median from purchase to answer${pace}`),
    dim(`  ${brand}: of the answers, those that name this (made-up) brand`),
    '',
    `outcomes  ${outcomesLine(findings)}`,
    ...moneyLines(gleaner),
    ...(findings.kill ? [`kill -9   ${killLine(findings.kill)}`] : []),
    ...(gleaner.side && plain ? ['', comparisonTable(gleaner.side, plain), dim(ASKING)] : []),
    ...(gleaner.tasks ? ['', taskLine(gleaner.tasks), dim(HURRY)] : []),
    ...contradictions.map((text) => red(`✗ ${text}`)),
  ];
  return { lines, contradictions };
}

const ASKING = '  both ask at most once a second; in life, which is slower, both ask more often';

const HURRY = '  its simulated tasks take seconds here, in life minutes';

function outcomesLine({ record, workflows }: Findings): string {
  const parts = OUTCOMES.filter((outcome) => record.counts[outcome] > 0).map(
    (outcome) => `${record.counts[outcome]} ${outcome}`,
  );
  const listed = workflows === undefined ? '' : ` = ${workflows} ended workflows in Temporal`;
  return `${parts.join(' + ')} = ${record.total} scrapes${listed}`;
}

function moneyLines({ money, tasks }: GleanerFacts): string[] {
  return [
    ...moneyLine('money    ', money, { amount: String, unit: ' credits' }),
    ...(tasks ? moneyLine('         ', tasks.money, { amount: formatUsd, unit: '' }) : []),
  ];
}

function moneyLine(
  label: string,
  money: GleanerFacts['money'],
  { amount, unit }: { amount: (n: number) => string; unit: string },
): string[] {
  const { charged, refundExpected, possiblySpent } = money;
  const own = `${label} Gleaner's books ${amount(charged)} − refunds due ${amount(refundExpected)}`;
  const sum =
    'ledger' in money
      ? `${money.agree ? '=' : '≠'} the ledger's ${amount(money.ledger)}${unit}`
      : `= ${amount(charged - refundExpected)}${unit}`;
  const lost = `          and possibly ${amount(possiblySpent)} more: the answer to a purchase was lost`;
  return [`${own} ${sum}`, ...(possiblySpent > 0 ? [lost] : [])];
}

/** What was bought of the provider that the plain script does not know. */
function taskLine({ facts }: NonNullable<GleanerFacts['tasks']>): string {
  const { jobs, boughtTwice, lost } = facts;
  return `DataForSEO, by its ledger: ${jobs} tasks, ${boughtTwice} bought twice, ${lost} never collected`;
}

function killLine({ pid, waiting, successor, buying }: NonNullable<Findings['kill']>): string {
  const moment = buying ? 'mid-purchase' : 'between purchases';
  return `worker ${pid} ${moment}, ${waiting} paid for and open; ${successor ?? '?'} went on`;
}

function findContradictions({ record, workflows, gleaner }: Findings): string[] {
  const { money, side, tasks } = gleaner;
  const sum = Object.values(record.counts).reduce((total, n) => total + n, 0);
  const found: string[] = [];
  if (sum !== record.total || record.counts.open > 0) {
    found.push(`${sum} outcomes for ${record.total} scrapes, ${record.counts.open} of them open`);
  }
  if (workflows !== undefined && workflows !== record.total) {
    found.push(`Temporal lists ${workflows} ended scrapes, the batch has ${record.total}`);
  }
  if ('agree' in money && !money.agree) {
    found.push(
      `Gleaner's records say ${money.charged - money.refundExpected} credits, the ledger ${money.ledger}`,
    );
  }
  if (tasks && !tasks.money.agree) {
    const { charged, refundExpected, ledger } = tasks.money;
    found.push(
      `Gleaner's records say ${formatUsd(charged - refundExpected)}, the ledger ${formatUsd(ledger)}`,
    );
  }
  for (const { facts, possiblySpent } of [
    ...(side ? [{ facts: side, possiblySpent: money.possiblySpent }] : []),
    ...(tasks ? [{ facts: tasks.facts, possiblySpent: tasks.money.possiblySpent }] : []),
  ]) {
    if (facts.boughtTwice > 0) found.push(`Gleaner bought ${facts.boughtTwice} answers twice`);
    // An answer whose purchase is named as unknown is not lost in silence: it is in the money line.
    if (facts.lostCost > possiblySpent) {
      found.push(`Gleaner paid for ${facts.lost} answers that it does not have`);
    }
  }
  return found;
}

function bold(text: string): string {
  return styleText('bold', text);
}

function dim(text: string): string {
  return styleText('dim', text);
}

function red(text: string): string {
  return styleText('red', text);
}
