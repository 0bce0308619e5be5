import type { CampaignReport } from './judge.ts';

/** What several runs come to, as if they were one; seeds are named together. */
export function totalOf(reports: readonly CampaignReport[]): CampaignReport {
  const [first, ...others] = reports;
  if (!first) throw new Error('there is no report');
  return others.reduce(add, first);
}

function add(a: CampaignReport, b: CampaignReport): CampaignReport {
  return {
    seed: `${a.seed}, ${b.seed}`,
    options: a.options,
    settled: a.settled && b.settled,
    scrapes: a.scrapes + b.scrapes,
    jobs: a.jobs + b.jobs,
    outcomes: sumBy(a.outcomes, b.outcomes, 0, (x, y) => x + y),
    returned: sumBy(a.returned ?? {}, b.returned ?? {}, 0, (x, y) => x + y),
    terminated: [...a.terminated, ...b.terminated],
    faults: sumBy(a.faults, b.faults, { made: 0, hit: 0, scrapes: 0 }, (x, y) => ({
      made: x.made + y.made,
      hit: x.hit + y.hit,
      scrapes: x.scrapes + y.scrapes,
    })),
    workers: {
      lives: a.workers.lives + b.workers.lives,
      endedByThemselves: a.workers.endedByThemselves + b.workers.endedByThemselves,
    },
    violations: [...a.violations, ...b.violations],
  };
}

function sumBy<T>(
  a: Record<string, T>,
  b: Record<string, T>,
  none: T,
  plus: (x: T, y: T) => T,
): Record<string, T> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, plus(a[name] ?? none, b[name] ?? none)]));
}
