/**
 * From the result being ready at the provider to the finished workflow, when the provider posts it: the whole way through
 * call, store, signal, workflow, record, with nothing else to do. Then a batch, whose calls to the provider are counted.
 * On a real Temporal server, a file store that syncs and our own simulator, which posts at once; it does not measure the
 * provider or the internet. Exits with 1 if a bar is missed; the calls of a batch below 100 scrapes are told and not judged,
 * since a page of fewer costs a call all the same.
 *
 *   npx tsx bench/webhook.ts [--scrapes 30] [--batch 200] [--json]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { connectClient } from '../src/dev-server/connect.ts';
import { ensureServer } from '../src/dev-server/ensure-server.ts';
import { freePort } from '../src/dev-server/free-port.ts';
import type { Account } from '../src/providers/account.ts';
import { startSimulator } from '../src/simulator/simulator.ts';
import { openFileStore } from '../src/store/open-store.ts';
import { createCallbackUrls } from '../src/webhooks/callback-urls.ts';
import { startReceiver } from '../src/webhooks/receiver.ts';
import { signalHint } from '../src/webhooks/signal-hint.ts';
import { buildDeps } from '../src/worker/build-deps.ts';
import { createWorkers } from '../src/worker/create-workers.ts';
import { SIMULATOR_LOGIN, SIMULATOR_PASSWORD } from '../src/contracts/simulator-credentials.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

const SCRAPER = 'dataforseo/google-organic';
const BARS = { p50Ms: 300, callsPerScrape: 0.03 };
/** A full page: one purchase, a list and what it takes beside them are 0.03 calls a scrape of so many. */
const LEAST_BATCH = 100;

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      scrapes: { type: 'string', default: '30' },
      batch: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
    },
  }),
);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const folder = await mkdtemp(join(tmpdir(), 'gleaner-bench-'));
const server = await ensureServer({
  env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  folder,
  ports: { temporal: 17_243, ui: 18_243 },
  log: (line) => console.error(line),
});
const simulator = await startSimulator({ seed: 1, dataforseo: { knobs: { durationMs: 1_000 } } });
const store = await openFileStore(join(folder, 'store'), { simulated: true });
const clientConnection = await connectClient(server.connection);
const client = new Client({ connection: clientConnection, namespace: server.namespace });
const port = await freePort(18_809);
const urls = createCallbackUrls(`http://127.0.0.1:${port}`, 'a secret of this bench');
const receiver = await startReceiver({ store, urls, sendHint: signalHint(client), port, host: '127.0.0.1' });
try {
  const result = await run();
  if (values.json) console.log(JSON.stringify(result, undefined, 2));
  else print(result);
  process.exitCode = result.good ? 0 : 1;
} finally {
  await receiver.close();
  await clientConnection.close();
  await simulator.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

interface Result {
  scrapes: number;
  p50Ms: number;
  p90Ms: number;
  maxMs: number;
  batch: number;
  /** By the kind of call, all of the batch. */
  calls: Record<string, number>;
  callsPerScrape: number;
  good: boolean;
}

async function run(): Promise<Result> {
  const account: Account = {
    provider: 'dataforseo',
    name: 'simulator',
    baseUrl: simulator.url,
    secret: `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`,
    simulated: true,
    timeScale: 1,
    submitsPerSecond: 50,
    readsPerSecond: 500,
  };
  const connection = await NativeConnection.connect(server.connection);
  const deps = buildDeps({ accounts: [account], simulated: true, taskQueue: 'gleaner' }, store, {
    callbacksFor: urls.callbacksFor,
  });
  const workers = await createWorkers({
    connection,
    namespace: server.namespace,
    taskQueue: 'gleaner',
    accounts: [account],
    deps,
  });
  const runs = workers.map((worker) => worker.run());
  try {
    const delays = await delaysOfSingles(Number(values.scrapes));
    const calls = await callsOfBatch(Number(values.batch));
    return judge(delays, calls);
  } finally {
    workers.forEach((worker) => worker.shutdown());
    await Promise.all(runs);
    await deps.http.close();
    await connection.close();
  }
}

/** One after the other; the first only warms up. */
async function delaysOfSingles(count: number): Promise<number[]> {
  const delays: number[] = [];
  for (let i = 0; i <= count; i++) {
    const prompt = `question ${i}`;
    const handle = await client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `scrape/bench/${i}`,
      args: [{ scraper: SCRAPER, prompt }],
    });
    await handle.result();
    const { closeTime } = await handle.describe();
    const [task] = simulator.sim.dataforseo.ledger({ keyword: prompt }).tasks;
    if (!closeTime || !task?.readyAt) throw new Error(`${prompt} did not end`);
    // Server, simulator and we have one clock.
    if (i > 0) delays.push(closeTime.getTime() - Date.parse(task.readyAt));
  }
  return delays.sort((a, b) => a - b);
}

async function callsOfBatch(count: number): Promise<Record<string, number>> {
  const before = countCalls();
  await client.workflow.execute('batchWorkflow', {
    taskQueue: 'gleaner',
    workflowId: 'batch/webhook',
    args: [
      {
        name: 'webhook',
        prompts: Array.from({ length: count }, (_, i) => `question ${i} of the batch`),
        scrapers: [SCRAPER],
        window: count,
      },
    ],
  });
  const after = countCalls();
  return Object.fromEntries(Object.entries(after).map(([name, n]) => [name, n - (before[name] ?? 0)]));
}

function countCalls(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { call } of simulator.sim.dataforseo.traffic.calls) counts[call] = (counts[call] ?? 0) + 1;
  return counts;
}

function judge(delays: number[], calls: Record<string, number>): Result {
  const at = (share: number): number => delays[Math.floor(share * (delays.length - 1))] ?? Number.NaN;
  const batch = Number(values.batch);
  const callsPerScrape = Object.values(calls).reduce((sum, count) => sum + count, 0) / batch;
  return {
    scrapes: delays.length,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    maxMs: at(1),
    batch,
    calls,
    callsPerScrape,
    good: at(0.5) <= BARS.p50Ms && (batch < LEAST_BATCH || callsPerScrape <= BARS.callsPerScrape),
  };
}

function print({ scrapes, p50Ms, p90Ms, maxMs, batch, calls, callsPerScrape }: Result): void {
  const byKind = Object.entries(calls).map(([name, count]) => `${count} ${name}`);
  const bar = batch < LEAST_BATCH ? `not judged below ${LEAST_BATCH} scrapes` : `bar ${BARS.callsPerScrape}`;
  console.log(
    [
      `${scrapes} scrapes one after the other, then ${batch} in a batch; Temporal dev server, ${cpus().length} cores, Node ${process.version}`,
      `from ready to finished workflow: p50 ${p50Ms} ms (bar ${BARS.p50Ms}), p90 ${p90Ms} ms, at most ${maxMs} ms`,
      `calls to the provider a scrape: ${callsPerScrape.toFixed(3)} (${bar}): ${byKind.join(', ')}`,
    ].join('\n'),
  );
}
