import { cpus } from 'node:os';
import Table from 'cli-table3';
import type { Measured } from './measure.ts';
import type { BenchOptions, Phase } from './options.ts';

const TITLES: Record<Phase, string> = {
  empty: 'empty child',
  plain: 'plain loop',
  gleaner: 'Gleaner',
};

type Row = [title: string, value: (measured: Measured) => string];

const ROWS: Row[] = [
  ['scrapes ended', ({ outcomes }) => outcomesOf(outcomes)],
  ['scrapes a second', (m) => m.scrapesPerSecond.toFixed(1)],
  ['CPU a scrape: server', (m) => ms(m.cpu.server)],
  ['CPU a scrape: worker', (m) => ms(m.cpu.worker)],
  ['CPU a scrape: server + worker', (m) => ms(cpuOfSystem(m))],
  ['CPU a scrape: simulator', (m) => ms(m.cpu.simulator)],
  ['events in its own history', (m) => m.events.child.toFixed(1)],
  ["events in its parents'", (m) => m.events.parents.toFixed(1)],
  ['longest history, events', (m) => String(m.events.longestHistory)],
  ['billable actions', (m) => m.actions.toFixed(1)],
  ['polls', (m) => m.polls.toFixed(2)],
  ['HTTP calls', (m) => m.httpCalls.toFixed(2)],
  [
    'noticed after, mean',
    (m) => (m.noticedAfterMs === undefined ? '–' : `${(m.noticedAfterMs / 1000).toFixed(2)} s`),
  ],
  ['worker memory, peak', (m) => m.workerPeakMiB.map((mib) => `${mib} MiB`).join(', ')],
];

/** One column a phase, under a line with the conditions. */
export function formatTable(results: Measured[], options: BenchOptions): string {
  const table = new Table({
    head: ['a scrape', ...results.map(({ phase }) => TITLES[phase])],
    style: { head: [], border: [] },
    colAligns: ['left', ...results.map(() => 'right' as const)],
  });
  for (const [title, value] of ROWS) table.push([title, ...results.map(value)]);
  return [
    conditions(options),
    table.toString(),
    ...ratioLine(results),
    ...results.flatMap(profileLines),
  ].join('\n');
}

/** What the worker processes and, where its processes are known, the Temporal server took for one scrape. */
function cpuOfSystem({ cpu }: Measured): number | undefined {
  return cpu.server === undefined ? undefined : cpu.server + cpu.worker;
}

/** Gleaner's CPU a scrape over the plain loop's, server and worker together; undefined if one of them is not known. */
export function cpuRatio(results: Measured[]): number | undefined {
  const of = (phase: Phase): number | undefined => {
    const measured = results.find((each) => each.phase === phase);
    return measured && cpuOfSystem(measured);
  };
  const [ours, plain] = [of('gleaner'), of('plain')];
  return ours === undefined || plain === undefined ? undefined : ours / plain;
}

function conditions({ provider, webhooks, speed, window, workers, address }: BenchOptions): string {
  return [
    provider.name,
    ...(webhooks ? ['results posted to Gleaner'] : []),
    `window ${window}, ${workers} worker process(es), simulator at speed ${speed}`,
    'submit and read limits lifted',
    `${address ? `Temporal at ${address}` : 'Temporal dev server'}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}`,
  ].join(', ');
}

function ratioLine(results: Measured[]): string[] {
  const ratio = cpuRatio(results);
  return ratio === undefined ? [] : [`Gleaner's CPU a scrape is ${ratio.toFixed(2)} times the plain loop's`];
}

function profileLines({ phase, profile }: Measured): string[] {
  if (!profile) return [];
  return [
    '',
    `${TITLES[phase]}: CPU of the first worker process by thread, its start included`,
    ...Object.entries(profile.threads)
      .sort(([, a], [, b]) => b - a)
      .map(([name, ms]) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`),
    `${TITLES[phase]}: functions of its JavaScript threads that took most time themselves`,
    ...profile.functions.map(({ name, share }) => `${(share * 100).toFixed(1).padStart(7)} %  ${name}`),
  ];
}

function outcomesOf(outcomes: Record<string, number>): string {
  return Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}

function ms(value: number | undefined): string {
  return value === undefined ? 'not known' : `${value.toFixed(1)} ms`;
}
