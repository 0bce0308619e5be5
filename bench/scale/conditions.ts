import { cpus, totalmem } from 'node:os';
import type { Client } from '@temporalio/client';
import type { Figures } from './figures.ts';
import type { ScaleOptions } from './options.ts';
import type { ScaleSystem } from './system.ts';

/** Under which the figures are true. */
export async function readConditions(
  options: ScaleOptions,
  system: ScaleSystem,
  client: Client,
  store: string,
): Promise<Figures> {
  const { serverVersion } = await client.workflowService.getSystemInfo({});
  const {
    provider,
    limitShare,
    webhooks,
    submitsPerSecond,
    killWorkerEvery,
    killServer,
    restartPostgres,
    cancelAt,
  } = options;
  const events = [
    ...(killWorkerEvery === undefined ? [] : [`a worker killed every ${killWorkerEvery} s`]),
    ...(killServer === 0 ? [] : [`the server killed ${killServer} times`]),
    ...(restartPostgres === 0 ? [] : [`PostgreSQL restarted ${restartPostgres} times`]),
    ...(cancelAt === undefined ? [] : [`cancelled at ${cancelAt}`]),
    ...(options.single ? ['a single scrape in the middle'] : []),
  ];
  const cores = cpus();
  return {
    machine: `${cores.length} cores (${cores[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}`,
    batch: `${options.scrapes} scrapes of ${provider.scrapers.join(', ')}, window ${options.window}, ${options.workers} worker processes`,
    rates: provider.keepsLimits
      ? `queues and the provider's limit at ${limitShare} of what is documented; limits count in real time`
      : `submits ${submitsPerSecond === undefined ? 'lifted' : `${submitsPerSecond} a second`}, reads lifted`,
    told: webhooks ? 'by posts to the first worker' : provider.searched ? 'by the ready list' : 'by looks',
    simulator: `speed ${options.speed}, seed "${options.seed}", a purchase takes ${options.submitMs} ms`,
    server: `${options.server === 'dev' ? 'Temporal dev server' : 'Temporal server of docker-compose.yml'} ${serverVersion ?? ''}`,
    database: system.database,
    store: `files${options.keep ? ` in ${store}` : ''}`,
    disturbed: events.length === 0 ? 'no' : events.join(', '),
  };
}
