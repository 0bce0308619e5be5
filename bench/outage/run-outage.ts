import { cpus } from 'node:os';
import { connectGleaner } from '../../src/client/connect-gleaner.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { connectClient } from '../../src/dev-server/connect.ts';
import { PROVIDERS } from '../../src/contracts/scrapers.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import { readBooks } from '../scale/books.ts';
import { startDevSystem } from '../scale/dev-system.ts';
import type { Figures } from '../scale/figures.ts';
import { journalFiles } from '../scale/journal-files.ts';
import { SCALE_PROVIDERS } from '../scale/provider.ts';
import { BATCH_ID } from '../scale/questions.ts';
import type { Report } from '../scale/report.ts';
import type { ScaleSystem, Surroundings } from '../scale/system.ts';
import { startFleet } from '../scale/worker-fleet.ts';
import { UNLIMITED_PER_SECOND, setRateLimit } from '../throughput/rate-limit.ts';
import { checkOutage } from './checks.ts';
import { KINDS, wantedOf } from './questions.ts';
import { readJobs, runThroughOutage, type Outage } from './run.ts';

interface OutageOptions {
  /** Of the provider's clock. */
  hours: number;
  /** A multiple of the number of kinds. */
  scrapes: number;
  workers: number;
  json: boolean;
  keep: boolean;
}

const MINUTE_MS = 60_000;
/** Every task takes so long, which no speed shortens: more than it takes to buy them all. */
const LIFE_MS = 90 * MINUTE_MS;
/** With less they would not have ended. */
export const LEAST_HOURS = 2;
/** Divides what Gleaner waits between looks. */
const SPEED = 30;
/**
 * Everything stays down for longer than anything waits: the first look by itself at a DataForSEO task, 45 minutes over the
 * speed, and the minute for which its lists are wanted beyond that (src/activities/announce.ts).
 */
const DOWN_MS = (45 * MINUTE_MS) / SPEED + MINUTE_MS;

/** Starts everything, runs the batch through the outage, and judges what became of it. */
export async function runOutage(options: OutageOptions, around: Surroundings): Promise<Report> {
  const { folder, log, onEnd } = around;
  const system = await startDevSystem({ speed: SPEED, webhooks: false, workers: options.workers }, around);
  const control = simulatorControl(system.simulatorUrl);
  await control.reset('outage');
  await control.setKnobs({ durationMs: LIFE_MS, attemptFailureRate: 0 });
  await control.dataforseo.setKnobs({ durationMs: LIFE_MS });
  await setRates(system, 'buying');
  const gleaner = await connectGleaner({ config: readConfig(system.env, folder) });
  const journal = journalFiles(gleaner.store.location);
  const wanted = wantedOf(options.scrapes, BATCH_ID);
  const over = new AbortController();
  onEnd(async () => over.abort());
  log(`${options.scrapes} scrapes; ${folder}`);

  const outage = await runThroughOutage({
    gleaner,
    control,
    system,
    journal,
    endHold: () => setRates(system, 'collecting'),
    async startWorkers() {
      const fleet = await startFleet(system, options.workers, folder);
      onEnd(() => fleet.stop());
      return fleet;
    },
    wanted,
    hours: options.hours,
    downMs: DOWN_MS,
    signal: over.signal,
    log,
  });

  log('reading ledger, journal, records and stored answers');
  const { scrapellm, dataforseo } = SCALE_PROVIDERS;
  const books = await readBooks(gleaner, {
    asked: wanted,
    submissions: await journal.readAll(),
    jobs: await readJobs(control),
    single: false,
    provider: { jobIdOf: (body) => scrapellm.jobIdOf(body) ?? dataforseo.jobIdOf(body) },
  });
  const { limitViolations } = await control.dataforseo.state();
  const checks = await checkOutage({
    wanted,
    hours: options.hours,
    outage,
    books,
    limitViolations,
    storeFolder: gleaner.store.location,
  });
  return { conditions: conditionsOf(options, system), figures: figuresOf(outage), checks };
}

/**
 * Until everything is paid, purchases are lifted and looks held back, which find nothing anyway: it is not about buying. From
 * then on all queues have the product's own limits, since all looks are due at once.
 */
async function setRates({ address, namespace }: ScaleSystem, phase: 'buying' | 'collecting'): Promise<void> {
  const connection = await connectClient({ address });
  const [submits, reads] = phase === 'buying' ? [UNLIMITED_PER_SECOND, HELD_PER_SECOND] : [];
  try {
    for (const provider of PROVIDERS) {
      if (provider === 'scrapellm') await setRateLimit(connection, namespace, 'submit', submits, provider);
      await setRateLimit(connection, namespace, 'read', reads, provider);
    }
  } finally {
    await connection.close();
  }
}

const HELD_PER_SECOND = 1;

function conditionsOf({ hours, scrapes, workers }: OutageOptions, { database }: ScaleSystem): Figures {
  const cores = cpus();
  return {
    machine: `${cores.length} cores (${cores[0]?.model ?? 'unknown'}), Node ${process.version}`,
    batch: `${scrapes} scrapes, a batch; ${workers} worker processes; ${database}`,
    kinds: KINDS.map(
      ({ scraper, params }) => `${scraper}${params ? ` (${String(params['variants'])})` : ''}`,
    ).join(', '),
    rates:
      'until all is paid ScrapeLLM’s purchases lifted and looks held back to 1 a second; then all at the product’s own limits',
    outage: `all workers and the server killed at once, down for ${DOWN_MS / 1000} s; the provider's clock ${hours} h further`,
    simulator: `speed ${SPEED}, every task ends ${LIFE_MS / MINUTE_MS} min after its purchase`,
  };
}

function figuresOf({ seconds, calls, batch }: Outage): Figures {
  return {
    outcomes: listed({ ...batch?.counts }),
    'all were paid after': `${seconds.bought.toFixed(0)} s`,
    'from the kill until workers ran again': `${seconds.down.toFixed(0)} s`,
    'from then to the end': `${seconds.ended.toFixed(0)} s`,
    'calls before': listed(calls.before),
    'calls afterwards': listed(calls.after),
  };
}

function listed(counts: Record<string, number>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
