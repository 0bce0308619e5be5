import { parseArgs } from 'node:util';
import { SCALE_PROVIDERS } from './provider.ts';
import type { ScaleProvider } from './provider.ts';

export interface ScaleOptions {
  provider: ScaleProvider;
  /** The first worker listens for what the provider posts, and all of them buy with its address. */
  webhooks: boolean;
  /** Part of the provider's documented limits that the simulator allows and our queues are set to; 1: all of it. */
  limitShare: number;
  /** Rounded up to a multiple of the provider's scrapers. */
  scrapes: number;
  /** Worker processes. */
  workers: number;
  server: 'dev' | 'topology';
  /** Scrapes that are open at once. */
  window: number;
  /** How many times faster than life the simulator runs. */
  speed: number;
  /** Rate of the submit queue; undefined: lifted, as the read queue's always is. */
  submitsPerSecond: number | undefined;
  /** What the simulator takes to answer a purchase, so that kills hit some; 0: nothing. */
  submitMs: number;
  /** Seconds from one `kill -9` of a worker to the next one's; undefined: none is killed. */
  killWorkerEvery: number | undefined;
  /** How often the Temporal server is killed, spread over the run. */
  killServer: number;
  restartPostgres: number;
  /** The batch is cancelled once so many of its scrapes have ended. */
  cancelAt: number | undefined;
  /** Starts a single scrape in the middle. */
  single: boolean;
  /** Decides every answer and every time of the simulator. */
  seed: string;
  json: boolean;
  /** Leaves store, database and logs where they are. */
  keep: boolean;
}

/** Reads the command line; throws an Error that names what is wrong. */
export function readOptions(args: string[]): ScaleOptions {
  const { values } = parseArgs({
    args,
    options: {
      provider: { type: 'string', default: 'scrapellm' },
      webhooks: { type: 'boolean', default: false },
      'limit-share': { type: 'string', default: '1' },
      scrapes: { type: 'string', default: '7000' },
      workers: { type: 'string', default: '3' },
      server: { type: 'string', default: 'dev' },
      window: { type: 'string' },
      speed: { type: 'string', default: '1' },
      'submits-per-second': { type: 'string' },
      'submit-ms': { type: 'string', default: '0' },
      'kill-worker-every': { type: 'string' },
      'kill-server': { type: 'string', default: '0' },
      'restart-postgres': { type: 'string', default: '0' },
      'cancel-at': { type: 'string' },
      single: { type: 'boolean', default: false },
      seed: { type: 'string', default: 'scale' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const provider = toProvider(values.provider);
  const each = provider.scrapers.length;
  const options: ScaleOptions = {
    provider,
    webhooks: values.webhooks,
    limitShare: positive('limit-share', values['limit-share']),
    scrapes: Math.ceil(whole('scrapes', values.scrapes, 1) / each) * each,
    workers: whole('workers', values.workers, 1),
    server: toServer(values.server),
    // Of page providers the product's own default: full pages.
    window: whole('window', values.window ?? (provider.keepsLimits ? '2000' : '400'), 1),
    speed: positive('speed', values.speed),
    submitsPerSecond: optional('submits-per-second', values['submits-per-second']),
    submitMs: whole('submit-ms', values['submit-ms'], 0),
    killWorkerEvery: optional('kill-worker-every', values['kill-worker-every']),
    killServer: whole('kill-server', values['kill-server'], 0),
    restartPostgres: whole('restart-postgres', values['restart-postgres'], 0),
    cancelAt: optional('cancel-at', values['cancel-at']),
    single: values.single,
    seed: values.seed,
    json: values.json,
    keep: values.keep,
  };
  if (options.webhooks && provider.name !== 'dataforseo')
    throw new Error(`--webhooks: ${provider.name} posts nothing; add --provider dataforseo`);
  if (options.restartPostgres > 0 && options.server === 'dev')
    throw new Error('--restart-postgres: the dev server has no PostgreSQL; add --server topology');
  if (options.cancelAt !== undefined && options.cancelAt >= options.scrapes)
    throw new Error(`--cancel-at: the batch has ${options.scrapes} scrapes only`);
  return options;
}

function toProvider(text: string): ScaleProvider {
  const provider = Object.values(SCALE_PROVIDERS).find(({ name }) => name === text);
  if (provider) return provider;
  throw new Error(`--provider: "${text}" is none of ${Object.keys(SCALE_PROVIDERS).join(', ')}`);
}

function toServer(text: string): ScaleOptions['server'] {
  if (text === 'dev' || text === 'topology') return text;
  throw new Error(`--server: "${text}" is none of dev, topology`);
}

function optional(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : positive(name, text);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name}: "${text}" is not a number above 0`);
  return value;
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || text.trim() === '')
    throw new Error(`--${name}: "${text}" is not a whole number of at least ${least}`);
  return value;
}
