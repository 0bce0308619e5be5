import { ENDINGS, startedOf, type Evidence } from './checks.ts';
import type { UsageMeter } from './usage-meter.ts';

/** What the run took, by name, as it is printed. */
export type Figures = Record<string, string>;

const ROLES = {
  server: 'Temporal server',
  postgres: 'PostgreSQL',
  worker: 'workers',
  simulator: 'simulator',
} as const;

/** Counts and costs of a run. Calls are the simulator's own count. */
export function figuresOf(evidence: Evidence, meter: UsageMeter): Figures {
  const { scrapes, run, histories, calls: counted, waits } = evidence;
  const { counts } = run.batch ?? {};
  const outcomes = [...ENDINGS, 'open' as const].map((name) => `${counts?.[name] ?? '?'} ${name}`);
  const started = startedOf(scrapes, run);
  const bought = started + (run.single ? 1 : 0);
  const cpu = (['server', 'postgres', 'worker', 'simulator'] as const).flatMap((role) => {
    const ms = meter.cpuMs(role);
    return ms === 0 ? [] : [[`CPU a scrape: ${ROLES[role]}`, `${(ms / bought).toFixed(1)} ms`]];
  });
  const all = Object.values(counted.counts).reduce((sum, count) => sum + count, 0);
  const parents = histories.parents;
  const perScrape = histories.sample.actions + parents.actions / started;
  return {
    outcomes: outcomes.join(', '),
    'wall time': `${run.seconds.toFixed(1)} s`,
    'scrapes a second': (bought / run.seconds).toFixed(2),
    ...Object.fromEntries(cpu),
    ...Object.fromEntries(
      meter
        .peaks('worker')
        .map(({ name, lives, peakBytes }) => [
          `memory of ${name}, peak`,
          `${Math.round(peakBytes / 1e6)} MB in ${lives} ${lives === 1 ? 'life' : 'lives'}`,
        ]),
    ),
    'longest history': `${histories.longest.events} events: ${histories.longest.id}`,
    'events a scrape in parents': `${(parents.events / started).toFixed(2)} in ${histories.parentIds.length} workflows`,
    'events of a scrape': `${histories.sample.events.toFixed(1)} (mean of ${histories.sample.scrapes})`,
    'billable actions a scrape': perScrape.toFixed(1),
    'HTTP calls a scrape': (all / bought).toFixed(4),
    'HTTP calls': listed(counted.counts),
    'posts to us': `${counted.inbound}, ${counted.inboundFailed} not taken`,
    'busiest minute': listed(counted.peaksPerMinute),
    'limits broken': listed(counted.violations),
    ...(waits && {
      'calls of limited queues': `${waits.calls}; ${waits.forLimit} waited for the limit, ${waits.forMachine} for the machine`,
      'from scheduled to started': `p50 ${Math.round(waits.p50Ms)} ms, at most ${Math.round(waits.maxMs)} ms`,
    }),
    'kills of workers': String(run.kills.length),
    'kills of the server': outagesOf(run.outages, 'server'),
    'restarts of PostgreSQL': outagesOf(run.outages, 'postgres'),
  };
}

function outagesOf(outages: Evidence['run']['outages'], kind: 'server' | 'postgres'): string {
  const took = outages.flatMap(({ what, tookMs }) =>
    what === kind ? `${(tookMs / 1000).toFixed(1)} s` : [],
  );
  return took.length === 0 ? '0' : `${took.length} (served again after ${took.join(', ')})`;
}

function listed(counts: Record<string, number>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return parts.join(', ') || 'none';
}
