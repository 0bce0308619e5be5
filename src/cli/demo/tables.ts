import Table from 'cli-table3';
import { naming, type Analysis } from '../../report/analyse.ts';
import type { Side } from './facts.ts';

/** No lines but the spaces between the columns: fits 80 columns and can be pasted into a message. */
const LINES =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid';
const BARE = Object.fromEntries(LINES.split(' ').map((name) => [name, '']));

const STYLE = { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 };

/** A line an engine: what came in, how fast, and what it says. */
export function engineTable(analysis: Analysis, brand: string): string {
  const table = new Table({
    head: ['engine', 'done', 'typical*', 'cited', 'most cited domain', brand],
    style: STYLE,
    chars: { ...BARE, middle: '' },
  });
  for (const engine of [...analysis.engines, ...analysis.pages]) {
    table.push([
      engine.scraper,
      `${engine.answered.length}/${engine.results.length}`,
      engine.medianMs === undefined ? '-' : `${(engine.medianMs / 1000).toFixed(1)} s`,
      engine.sourced.length === 0 ? '-' : engine.citations,
      engine.topDomain?.name ?? '-',
      `${naming(engine.read, brand).length}/${engine.read.length}`,
    ]);
  }
  return table.toString();
}

/** Gleaner and the plain script side by side, in the provider's numbers. */
export function comparisonTable(gleaner: Side, plain: Side): string {
  const table = new Table({
    head: ["by the simulator's ledger", 'Gleaner', 'plain script'],
    style: STYLE,
    chars: { ...BARE, middle: ' ' },
    colAligns: ['left', 'right', 'right'],
  });
  table.push(
    ['bought twice', gleaner.boughtTwice, plain.boughtTwice],
    ['paid for and never collected', gleaner.lost, plain.lost],
    ['credits for those', gleaner.lostCost, plain.lostCost],
    ['bought again after the provider failed', gleaner.boughtAfterFailure, plain.boughtAfterFailure],
    ['credits in all, refunds taken off', gleaner.cost, plain.cost],
    ['answers in hand', gleaner.answers, plain.answers],
    ['times it asked "is it ready?"', gleaner.looks, plain.looks],
  );
  return table.toString();
}
