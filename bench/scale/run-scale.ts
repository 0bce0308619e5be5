import { connectGleaner } from '../../src/client/connect-gleaner.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { connectClient } from '../../src/dev-server/connect.ts';
import { PROVIDERS_BY_NAME } from '../../src/providers/registry.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import { UNLIMITED_PER_SECOND, setRateLimit } from '../throughput/rate-limit.ts';
import { readBooks } from './books.ts';
import { checkAll, type Evidence } from './checks.ts';
import { readConditions } from './conditions.ts';
import { startDevSystem } from './dev-system.ts';
import { figuresOf } from './figures.ts';
import { readHistories } from './histories.ts';
import { journalFiles } from './journal-files.ts';
import type { ScaleOptions } from './options.ts';
import { readWaits } from './waits.ts';
import { questionsOf } from './questions.ts';
import type { Report } from './report.ts';
import { runBatch } from './run.ts';
import type { ScaleSystem, Surroundings } from './system.ts';
import { startTopologySystem } from './topology-system.ts';
import { UsageMeter } from './usage-meter.ts';
import { startFleet } from './worker-fleet.ts';

/** Starts everything, runs the batch, and judges what became of it. */
export async function runScale(options: ScaleOptions, around: Surroundings): Promise<Report> {
  const { folder, log, onEnd } = around;
  const { provider } = options;
  const start = options.server === 'dev' ? startDevSystem : startTopologySystem;
  const system = await start(options, around);
  const control = simulatorControl(system.simulatorUrl);
  await control.reset(options.seed);
  await provider.prepare(control, options);
  await setRates(options, system);
  const fleet = await startFleet(system, options.workers, folder);
  onEnd(() => fleet.stop());
  const gleaner = await connectGleaner({ config: readConfig(system.env, folder) });
  const { client } = await gleaner.temporal();
  const meter = new UsageMeter(() => [...system.processes(), ...fleet.processes()]);
  const journal = journalFiles(gleaner.store.location);
  const conditions = await readConditions(options, system, client, gleaner.store.location);
  log(`${options.scrapes} scrapes; ${folder}`);

  const run = await runBatch(gleaner, control, { options, system, fleet, meter, journal, log }, onEnd);

  log('reading ledger, journal, records and histories');
  const calls = await provider.calls(control);
  const jobs = await provider.jobs(control);
  const { asked } = questionsOf(options.scrapes, provider);
  const submissions = await journal.readAll();
  const evidence: Evidence = {
    scrapes: options.scrapes,
    provider,
    webhooks: options.webhooks,
    run,
    calls,
    books: await readBooks(gleaner, { asked, submissions, jobs, single: options.single, provider }),
    histories: await readHistories(client),
    waits: provider.keepsLimits ? await readWaits(client, options) : undefined,
    workerPeaks: meter.peaks('worker'),
    selfEnded: [...fleet.selfEnded],
  };
  return { conditions, figures: figuresOf(evidence, meter), checks: checkAll(evidence) };
}

/** Lifts the queues' limits, or leaves them as they are where the provider's own are what the run is about. */
async function setRates(
  { submitsPerSecond, provider, limitShare }: ScaleOptions,
  system: ScaleSystem,
): Promise<void> {
  const { address, namespace } = system;
  if (provider.keepsLimits && limitShare === 1 && submitsPerSecond === undefined) return;
  const connection = await connectClient({ address });
  try {
    const { limits } = PROVIDERS_BY_NAME[provider.name];
    const rate = (perSecond: number) =>
      provider.keepsLimits ? perSecond * limitShare : UNLIMITED_PER_SECOND;
    const submits = submitsPerSecond ?? rate(limits.submitsPerSecond);
    await setRateLimit(connection, namespace, 'submit', submits, provider.name);
    await setRateLimit(connection, namespace, 'read', rate(limits.readsPerSecond), provider.name);
  } finally {
    await connection.close();
  }
}
