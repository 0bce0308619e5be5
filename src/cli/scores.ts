import { formatCharge } from '../contracts/money.ts';
import { readScores } from '../ledger/scoreboard.ts';
import type { ScraperScore } from '../ledger/scoreboard.ts';
import { bareTable } from './bare-table.ts';
import { withGleaner } from './session.ts';
import { printJson, TERMINAL } from './terminal.ts';

/** Prints how each scraper did by the records of this store; needs no server. */
export async function printScores(json: boolean): Promise<void> {
  await withGleaner({ needsServer: false }, async ({ gleaner }) => {
    const scores = await readScores(gleaner.store);
    if (json) printJson(scores);
    else if (scores.length === 0) TERMINAL.say('nothing was bought yet');
    else TERMINAL.out(scoreTable(scores));
  });
}

/** The scoreboard as people read it. */
export function scoreTable(scores: readonly ScraperScore[]): string {
  const head = ['scraper', 'n', 'success', 'p50', 'p95', 'a result costs'];
  const rows = scores.map(({ scraper, n, success, p50Ms, p95Ms, costPerResult }) => [
    scraper,
    String(n),
    `${(success * 100).toFixed(1)} %`,
    p50Ms === null ? '-' : seconds(p50Ms),
    p95Ms === null ? '-' : seconds(p95Ms),
    costPerResult === null ? '-' : costOf(costPerResult),
  ]);
  return bareTable(head, rows, ['n', 'success', 'p50', 'p95']);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Fractions of a credit are rounded for reading; `--json` has them whole. */
function costOf({ credits, usdMicros }: NonNullable<ScraperScore['costPerResult']>): string {
  return formatCharge({ ...(credits && { credits: Math.round(credits * 100) / 100 }), usdMicros });
}
