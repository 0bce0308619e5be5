import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BENCH_PROVIDERS } from './provider.ts';
import type { BenchProvider } from './provider.ts';

const PHASES = ['empty', 'plain', 'gleaner'] as const;
export type Phase = (typeof PHASES)[number];

export interface BenchOptions {
  provider: BenchProvider;
  /** Whether results are posted to Gleaner's first worker instead of being fetched by it. */
  webhooks: boolean;
  /** Rounded up to a multiple of the provider's scrapers. */
  scrapes: number;
  /** Worker processes of each phase. */
  workers: number;
  /** How many times faster than life the simulator runs. */
  speed: number;
  /** Workflows that are open at once. */
  window: number;
  phases: Phase[];
  /** A server that runs already, instead of a dev server of our own. */
  address: string | undefined;
  namespace: string | undefined;
  /** Processes of that server on this machine, whose CPU is counted. */
  serverPids: number[];
  /** Folder of the compiled Gleaner that is measured. */
  build: string;
  /** Also print where the worker's CPU went. */
  profile: boolean;
  json: boolean;
}

/** Reads the command line; throws an Error that names what is wrong. */
export function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      provider: { type: 'string', default: 'scrapellm' },
      webhooks: { type: 'boolean', default: false },
      scrapes: { type: 'string', default: '700' },
      workers: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      window: { type: 'string', default: '400' },
      only: { type: 'string', default: PHASES.join(',') },
      address: { type: 'string' },
      namespace: { type: 'string' },
      'server-pids': { type: 'string', default: '' },
      build: { type: 'string', default: fileURLToPath(new URL('../../dist', import.meta.url)) },
      'cpu-prof': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const provider = toProvider(values.provider);
  if (values.webhooks && provider.name !== 'dataforseo')
    throw new Error(`--webhooks: ${provider.name} posts nothing; add --provider dataforseo`);
  const each = provider.scrapers.length;
  return {
    provider,
    webhooks: values.webhooks,
    scrapes: Math.ceil(positive('scrapes', values.scrapes) / each) * each,
    workers: positive('workers', values.workers),
    speed: positive('speed', values.speed),
    window: positive('window', values.window),
    phases: values.only.split(',').map(toPhase),
    address: values.address,
    namespace: values.namespace,
    serverPids: values['server-pids']
      .split(',')
      .filter(Boolean)
      .map((pid) => positive('server-pids', pid)),
    build: values.build,
    profile: values['cpu-prof'],
    json: values.json,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name}: "${text}" is not a number above 0`);
  return value;
}

function toProvider(text: string): BenchProvider {
  const provider = Object.values(BENCH_PROVIDERS).find(({ name }) => name === text);
  if (!provider)
    throw new Error(`--provider: "${text}" is none of ${Object.keys(BENCH_PROVIDERS).join(', ')}`);
  return provider;
}

function toPhase(text: string): Phase {
  const phase = PHASES.find((each) => each === text);
  if (!phase) throw new Error(`--only: "${text}" is none of ${PHASES.join(', ')}`);
  return phase;
}
