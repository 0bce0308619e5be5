import Table from 'cli-table3';
import type { Check } from './check.ts';
import type { Figures } from './figures.ts';

export interface Report {
  conditions: Figures;
  figures: Figures;
  checks: Check[];
}

/** Lists longer than this are cut for people; `--json` has them whole. */
const NAMED = 20;

/** Conditions, figures, checks, and below them the scrapes that a check speaks of. */
export function formatReport({ conditions, figures, checks }: Report): string {
  return [
    ...Object.entries(conditions).map(([name, value]) => `${name}: ${value}`),
    tableOf(['the run', ''], Object.entries(figures)),
    tableOf(
      ['check', '', ''],
      checks.map(({ name, figure, ok }) => [name, figure, ok ? 'ok' : 'FAILED']),
    ),
    ...checks.flatMap(({ name, about }) =>
      about.length === 0 ? [] : [`${name}:`, ...cut(about).map((line) => `  ${line}`)],
    ),
  ].join('\n');
}

function cut(lines: readonly string[]): string[] {
  const rest = lines.length - NAMED;
  return rest > 0 ? [...lines.slice(0, NAMED), `and ${rest} more`] : [...lines];
}

function tableOf(head: string[], rows: string[][]): string {
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  return table.toString();
}
