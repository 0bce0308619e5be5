import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectGleaner } from '../../../src/client/connect-gleaner.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import {
  SIMULATOR_KEY,
  SIMULATOR_LOGIN,
  SIMULATOR_PASSWORD,
} from '../../../src/contracts/simulator-credentials.ts';
import { freePort } from '../../../src/dev-server/free-port.ts';
import { simulatorControl } from '../../../src/simulator/control.ts';
import { randomStream } from '../../../src/simulator/random.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import { openFileStore } from '../../../src/store/open-store.ts';
import { bothAccounts } from '../../support/accounts.ts';
import type { ChaosWorkerOptions } from '../worker-options.ts';
import { attack } from './adversary.ts';
import { auditAll } from './audited.ts';
import { BatchKeeper } from './batch-keeper.ts';
import { DAY_CAP, SUBMITS_PER_SECOND } from './campaign-world.ts';
import type { CampaignWorld } from './campaign-world.ts';
import { FaultBook } from './fault-book.ts';
import { startFleet } from './fleet.ts';
import { judge } from './judge.ts';
import type { CampaignReport } from './judge.ts';
import { OpenScrapes } from './open-scrapes.ts';
import type { CampaignOptions } from './options.ts';
import { PostOffice } from './post-office.ts';
import { askBatch } from './questions.ts';
import { startChaosServer } from './server.ts';
import { settle } from './settle.ts';
import { KNOBS, drawHabits } from './storm.ts';
import { buildVersion, checkOut } from './versions.ts';
import { startWire } from './wire.ts';

const SPEED = 100;
const START_TIMEOUT_MS = 180_000;
const MOST_SECONDS_MORE = 120;
const TIMING = { sendByMs: 1_000, httpTimeoutMs: 4_000, marginMs: 1_000 };
/** A closed account is probed as much sooner as everything else here is faster. */
const PROBE_INTERVAL_MS = 3_000;

/** The simulated lists lag by two seconds at most (storm.ts), where the real ones are reckoned with five minutes. */
const PROOF = { witnessedAfterMs: 4_000, aloneAfterMs: 8_000, askAgainMs: 1_000 };

/** Runs a campaign from nothing to its verdict, and leaves nothing behind. */
export async function runCampaign(
  options: CampaignOptions,
  log: (line: string) => void,
): Promise<CampaignReport> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-campaign-'));
  const stops: Array<() => Promise<unknown>> = [];
  try {
    const world = await build(options, folder, stops);
    log(`seed ${options.seed}, ${options.seconds} s; ${folder}`);
    await disturb(world, log);
    const settled = await settle(world, log);
    const audited = options.audit && settled ? await auditAll(world, log) : undefined;
    return await judge(world, { storeFolder: join(folder, 'store'), settled, ...(audited && { audited }) });
  } finally {
    for (const stop of stops.toReversed()) await stop().catch((error: unknown) => log(String(error)));
    if (options.keep) log(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

/** Starts batches as long as the time lasts, while faults fall. */
async function disturb(world: CampaignWorld, log: (line: string) => void): Promise<void> {
  const { options, keeper, random } = world;
  const over = new AbortController();
  const { signal } = over;
  let attacked: Promise<void> | undefined;
  let asked = 0;
  const begunAt = Date.now();
  while (!signal.aborted) {
    // Not by the clock alone: workers take a while to start, and nothing can be hit before there is an open scrape.
    if (!attacked && Date.now() - begunAt > START_TIMEOUT_MS) throw new Error('no scrape was begun');
    if (!attacked && (await world.open.read()).length > 0) {
      attacked = attack(world, signal);
      void endInTime(world, over);
    }
    await keeper.tend().catch(() => undefined); // the server may be down
    if (asked < options.scrapes && (await wantsMore(world))) {
      const size = Math.min(options.batchSize, options.scrapes - asked);
      const batch = askBatch(options.seed, keeper.asked.length + 1, size, random);
      asked += size;
      await keeper.start(batch).catch(() => undefined);
      log(`${batch.input.name}: ${asked} scrapes asked for, ${world.book.faults.length} faults so far`);
    }
    await sleep(1_000);
  }
  await attacked;
}

async function endInTime({ options, book }: CampaignWorld, over: AbortController): Promise<void> {
  const { seconds, leastFaults } = options;
  await sleep(seconds * 1_000);
  for (let more = 0; more < MOST_SECONDS_MORE && book.faults.length < leastFaults; more++) await sleep(1_000);
  over.abort();
}

/** Batches end late: a few of their scrapes wait for a look, or for ever. New ones must not wait for those. */
async function wantsMore({ keeper, open, options }: CampaignWorld): Promise<boolean> {
  const { batchSize, batchesAtOnce } = options;
  if (keeper.open.length < batchesAtOnce) return true;
  return keeper.open.length < 4 * batchesAtOnce && (await open.read()).length < batchSize / 2;
}

async function build(
  options: CampaignOptions,
  folder: string,
  stops: Array<() => Promise<unknown>>,
): Promise<CampaignWorld> {
  const book = new FaultBook();
  const random = randomStream(options.seed, 'adversary');
  const server = await startChaosServer(join(folder, 'server'));
  stops.push(() => server.stop());
  // An audit at the end is told what the vendors' pages say.
  const habits = options.audit ? {} : drawHabits(randomStream(options.seed, 'habits'));
  const simulator = await startSimulator({
    seed: options.seed,
    speed: SPEED,
    knobs: { ...KNOBS.scrapellm, ...habits.scrapellm },
    dataforseo: { knobs: { ...KNOBS.dataforseo, ...habits.dataforseo } },
  });
  stops.push(() => simulator.close());
  const outbound = await startWire('call', () => simulator.port, {
    random: randomStream(options.seed, 'outbound'),
    book,
  });
  stops.push(() => outbound.close());
  const receiverPort = (): number | undefined => fleet.webhookPort();
  const postOffice = new PostOffice(receiverPort, randomStream(options.seed, 'posts'), book);
  const inbound = await startWire('post', receiverPort, {
    random: randomStream(options.seed, 'inbound'),
    book,
  });
  inbound.onRequest = (bytes) => postOffice.saw(bytes);
  stops.push(() => inbound.close());

  const versions = [await buildVersion(join(folder, 'compiled'))];
  if (options.also !== undefined) {
    const root = await checkOut(options.also, join(folder, 'other-version'));
    versions.push(await buildVersion(join(folder, 'other-compiled'), root));
  }
  const diskFullFile = join(folder, 'disk-is-full');
  const storeFolder = join(folder, 'store');
  const store = await openFileStore(storeFolder, { simulated: true });
  const worker: Omit<ChaosWorkerOptions, 'bundlePath'> = {
    address: server.address,
    namespace: server.namespace,
    taskQueue: 'gleaner',
    storeFolder,
    simulatorUrl: `http://127.0.0.1:${outbound.port}`,
    key: SIMULATOR_KEY,
    dataForSeoKey: `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`,
    speed: SPEED,
    submitsPerSecond: SUBMITS_PER_SECOND,
    dataForSeoPerSecond: 25,
    timing: TIMING,
    proof: PROOF,
    probeIntervalMs: PROBE_INTERVAL_MS,
    diskFullFile,
    // Workers of an earlier version may not know of caps, and the log would lack what they buy.
    ...(options.also === undefined && { caps: { day: DAY_CAP, graceMs: 3_000 } }),
  };
  const config = {
    ...readConfig({}, folder),
    store: storeFolder,
    simulated: true,
    taskQueue: 'gleaner',
    accounts: bothAccounts(simulator.url, SPEED),
  };
  const gleaner = await connectGleaner({ config, client: server.client, store });
  const ports: number[] = [];
  while (ports.length < options.workers) ports.push(await freePort(0, ports));
  const publicUrl = `http://127.0.0.1:${inbound.port}`;
  const fleet = startFleet(
    ports.map((port, n) => {
      const { script, bundlePath } = pickOne(versions, n);
      return { script, options: { ...worker, bundlePath, webhooks: { port, publicUrl } } };
    }),
  );
  stops.push(() => fleet.stop());
  return {
    options,
    random,
    book,
    madeBefore: await readMade(options.after),
    server,
    fleet,
    control: simulatorControl(simulator.url),
    simulatorUrl: simulator.url,
    outbound,
    inbound,
    postOffice,
    gleaner,
    keeper: new BatchKeeper(server.client, store, gleaner),
    open: new OpenScrapes(storeFolder),
    diskFullFile,
    leaps: [],
  };
}

async function readMade(paths: readonly string[]): Promise<Record<string, number>> {
  const made: Record<string, number> = {};
  for (const path of paths) {
    const { faults } = JSON.parse(await readFile(path, 'utf8')) as CampaignReport; // written by scripts/chaos.ts
    for (const [kind, count] of Object.entries(faults)) made[kind] = (made[kind] ?? 0) + count.made;
  }
  return made;
}

/** Every second slot runs the other version. */
function pickOne<T>(list: readonly T[], n: number): T {
  const one = list[n % list.length];
  if (one === undefined) throw new Error('there is no version');
  return one;
}
