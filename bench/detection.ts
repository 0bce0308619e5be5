/**
 * How soon a finished answer is noticed and how many polls that takes, on a real Temporal server: Gleaner's workflows
 * against the vendor's sample loop (a poll every 3 s from the submit) on the very same job times. The simulator's ledger
 * says when each job was ready and when its answer was first delivered; the loop's polls and delays follow from these
 * times by arithmetic, in its favour (its polls take no time and are never late). It does not measure the provider.
 *
 *   npx tsx bench/detection.ts [--jobs 140] [--seed 1] [--json]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { scrapersOf } from '../src/contracts/scrapers.ts';
import { connectClient } from '../src/dev-server/connect.ts';
import { ensureServer } from '../src/dev-server/ensure-server.ts';
import type { Account } from '../src/providers/account.ts';
import { startSimulator } from '../src/simulator/simulator.ts';
import { openFileStore } from '../src/store/open-store.ts';
import { buildDeps } from '../src/worker/build-deps.ts';
import { createWorkers } from '../src/worker/create-workers.ts';
import { SIMULATOR_KEY } from '../src/contracts/simulator-credentials.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

/** That of ready lists is measured by `bench/ready-lists.ts`. */
const SCRAPERS = scrapersOf('scrapellm');
const VENDOR_LOOP_MS = 3_000;

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      jobs: { type: 'string', default: '140' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  }),
);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const folder = await mkdtemp(join(tmpdir(), 'gleaner-bench-'));
const server = await ensureServer({
  env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  folder,
  ports: { temporal: 17_233, ui: 18_233 },
  log: (line) => console.error(line),
});
const simulator = await startSimulator({ seed: values.seed, speed: 1, knobs: { attemptFailureRate: 0 } });
try {
  const result = await run();
  if (values.json) console.log(JSON.stringify(result, undefined, 2));
  else print(result);
  process.exitCode = result.good ? 0 : 1;
} finally {
  await simulator.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

interface Noticed {
  pollsPerJob: number;
  meanDelayMs: number;
}

interface Result {
  jobs: number;
  vendor: Noticed;
  gleaner: Noticed;
  pollRatio: number;
  extraDelayMs: number;
  good: boolean;
}

async function run(): Promise<Result> {
  const account: Account = {
    provider: 'scrapellm',
    name: 'simulator',
    baseUrl: simulator.url,
    secret: SIMULATOR_KEY,
    simulated: true,
    timeScale: 1,
    submitsPerSecond: 10,
    readsPerSecond: 500,
  };
  const store = await openFileStore(join(folder, 'store'), { simulated: true });
  const connection = await NativeConnection.connect(server.connection);
  const workers = await createWorkers({
    connection,
    namespace: server.namespace,
    taskQueue: 'gleaner',
    accounts: [account],
    deps: buildDeps({ accounts: [account], simulated: true, taskQueue: 'gleaner' }, store),
  });
  const runs = workers.map((worker) => worker.run());
  const clientConnection = await connectClient(server.connection);
  const client = new Client({ connection: clientConnection, namespace: server.namespace });
  await client.workflow.execute('batchWorkflow', {
    taskQueue: 'gleaner',
    workflowId: 'batch/detection',
    args: [
      {
        name: 'detection',
        prompts: Array.from(
          { length: Math.ceil(Number(values.jobs) / SCRAPERS.length) },
          (_, i) => `question ${i}`,
        ),
        scrapers: [...SCRAPERS],
        window: 1_000,
      },
    ],
  });
  workers.forEach((worker) => worker.shutdown());
  await Promise.all(runs);
  await clientConnection.close();
  await connection.close();
  return measure();
}

function measure(): Result {
  const { jobs } = simulator.sim.ledger();
  const times = jobs.map(({ createdAt, firstReadyAt, firstDeliveredAt }) => {
    if (firstReadyAt === null || firstDeliveredAt === null) throw new Error('a job was not collected');
    return {
      bornMs: Date.parse(createdAt),
      readyMs: Date.parse(firstReadyAt),
      seenMs: Date.parse(firstDeliveredAt),
    };
  });
  const polls = Object.entries(simulator.sim.summary().calls)
    .filter(([route]) => route.startsWith('GET /jobs'))
    .reduce((sum, [, calls]) => sum + calls, 0);
  const gleaner = {
    pollsPerJob: polls / times.length,
    meanDelayMs: mean(times.map((t) => t.seenMs - t.readyMs)),
  };
  const loops = times.map(({ bornMs, readyMs }) =>
    Math.max(1, Math.ceil((readyMs - bornMs) / VENDOR_LOOP_MS)),
  );
  const vendor = {
    pollsPerJob: mean(loops),
    meanDelayMs: mean(times.map((t, i) => t.bornMs + (loops[i] ?? 0) * VENDOR_LOOP_MS - t.readyMs)),
  };
  const pollRatio = gleaner.pollsPerJob / vendor.pollsPerJob;
  const extraDelayMs = gleaner.meanDelayMs - vendor.meanDelayMs;
  return {
    jobs: times.length,
    vendor,
    gleaner,
    pollRatio,
    extraDelayMs,
    good: pollRatio <= 0.76 && extraDelayMs <= 100,
  };
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function print({ jobs, vendor, gleaner, pollRatio, extraDelayMs }: Result): void {
  console.log(
    [
      `${jobs} jobs over seven engines, seed ${values.seed}, simulator at speed 1, no failed attempts, ` +
        `10 submits/s, Temporal dev server, ${cpus().length} cores, Node ${process.version}`,
      `${''.padEnd(24)} polls/job    mean delay`,
      row('vendor loop, every 3 s', vendor),
      row('Gleaner', gleaner),
      `polls: ${pollRatio.toFixed(3)} times the loop's (bar 0.76); delay: ${extraDelayMs >= 0 ? '+' : ''}${extraDelayMs.toFixed(0)} ms (bar +100 ms)`,
    ].join('\n'),
  );
}

function row(name: string, { pollsPerJob, meanDelayMs }: Noticed): string {
  return `${name.padEnd(24)} ${pollsPerJob.toFixed(2).padStart(9)} ${(meanDelayMs / 1000).toFixed(3).padStart(13)} s`;
}
