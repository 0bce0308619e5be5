import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connectGleaner } from '../../client/connect-gleaner.ts';
import { prepareBatch } from '../../client/prepare-batch.ts';
import { readConfig } from '../../config/read-config.ts';
import type { BatchInput } from '../../contracts/batch.ts';
import { ceilingFields } from '../../contracts/ceiling.ts';
import { scrapersOf, type Scraper } from '../../contracts/scrapers.ts';
import { CliError, EXIT } from '../exit-codes.ts';
import { readManifestFile } from '../read-manifest-file.ts';
import { TERMINAL, type Terminal } from '../terminal.ts';
import { askYes } from '../ask.ts';
import { shellSettings } from './environment.ts';
import { gleanerFacts, plainFacts, standOf } from './facts.ts';
import { endInterrupted, onInterrupt } from './interrupts.ts';
import { printEnd } from './print-end.ts';
import { startPlainScript, type PlainScript } from './plain-script.ts';
import { runBatch } from './run-batch.ts';
import { createScreen } from './screen.ts';
import { PLAIN_KEY } from './simulators.ts';
import { startDemo } from './start-demo.ts';
import type { StopList } from './stop-list.ts';
import { trackBatch } from './track.ts';

export interface DemoOptions {
  exit?: boolean;
  live?: boolean;
  yes?: boolean;
}

/** What the plain script beside it buys too: it knows one provider, and the screens compare the two. */
const COMPARED = scrapersOf('scrapellm');
/** Of the other provider an assistant and a result page; `--live` asks for one key, and leaves them out. */
const OTHERS: Scraper[] = ['dataforseo/chatgpt', 'dataforseo/google-images'];
const PROMPTS = fileURLToPath(new URL('../../../examples/prompts.csv', import.meta.url));

/** Runs the demo from start to last screen. `stay`: somebody watches, so what was started should stay up. */
export async function runDemo(
  terminal: Terminal,
  options: DemoOptions,
  toStop: StopList,
): Promise<{ exitCode: number; stay: boolean }> {
  const { simulated } = readConfig(terminal.env, terminal.cwd);
  const input = await planBatch(simulated);
  const prepared = prepareBatch(input, { simulated, now: new Date() });
  const { total, bound } = prepared.manifest;
  const kill = simulated || (await askForLive(terminal, options, total, bound.credits ?? 0));

  const rows = prepared.pages.flat();
  const compared = rows.filter(({ input }) => COMPARED.some((scraper) => scraper === input.scraper)).length;
  const screen = createScreen(simulated);
  const { config, server, worker, simulators } = await startDemo(terminal, screen, toStop);
  const gleaner = await connectGleaner({ config });
  toStop.add(() => gleaner.close());
  await endInterrupted(gleaner, screen, toStop.signal);

  const settings = shellSettings(TERMINAL.env, terminal, server);
  const before = simulators && standOf(simulators.forGleaner);
  const { batchId } = await gleaner.startBatch(input);
  const finish = onInterrupt({ terminal, screen, settings, batchId, signal: toStop.signal });
  screen.say(`${total} scrapes: 20 questions × ${scrapersFor(simulated).length} scrapers · ${batchId}`);
  const startPlain = (url: string) => (): PlainScript => {
    const { stateFolder: folder, simulatorSpeed: speed } = config;
    const plain = startPlainScript({ folder, prompts: PROMPTS, url, speed });
    toStop.add(() => plain.stop());
    screen.say(
      `beside it: examples/plain-script.js (process ${plain.pid()}), ScrapeLLM's part of it, same seed`,
    );
    return plain;
  };
  const end = await runBatch({
    gleaner,
    batchId,
    tracker: trackBatch(gleaner.store, rows),
    worker,
    screen,
    kill,
    signal: toStop.signal,
    ...(simulators && {
      simulator: simulators.forGleaner,
      startPlain: startPlain(simulators.forPlainScript.url),
      plainShare: () =>
        simulators.forPlainScript.sim.ledger().jobs.filter(({ key }) => key === PLAIN_KEY).length / compared,
    }),
  });
  const { plain } = end;
  if (plain) await untilEnded(plain, toStop.signal);
  const facts = await gleanerFacts({
    store: gleaner.store,
    record: end.record,
    ...(simulators && before && { provider: { simulator: simulators.forGleaner, before } }),
  });
  finish();
  const stay = options.exit !== true && process.stdout.isTTY;
  const sound = await printEnd({
    terminal,
    config,
    server,
    gleaner,
    end,
    facts,
    stay,
    settings,
    successor: worker.pid(),
    ...(simulators &&
      plain && { plain: plainFacts(simulators.forPlainScript, PLAIN_KEY, plain.collected()) }),
  });
  return { exitCode: sound ? EXIT.good : EXIT.error, stay };
}

function scrapersFor(simulated: boolean): Scraper[] {
  return simulated ? [...COMPARED, ...OTHERS] : COMPARED;
}

async function planBatch(simulated: boolean): Promise<BatchInput> {
  const scrapers = scrapersFor(simulated);
  const { items } = await readManifestFile(PROMPTS, scrapers);
  const time = new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-');
  const input: BatchInput = { name: `demo-${time}`, prompts: items, scrapers };
  if (simulated) return input;
  const { bound } = prepareBatch(input, { simulated, now: new Date() }).manifest;
  return { ...input, ...ceilingFields(bound) };
}

/** The price and the two questions of `--live`; resolves with whether the worker is to be killed. */
async function askForLive(
  terminal: Terminal,
  { yes }: DemoOptions,
  total: number,
  credits: number,
): Promise<boolean> {
  terminal.say(
    `--live buys ${total} scrapes from ScrapeLLM for ${credits} credits with your key, never more.`,
  );
  const asked = terminal.interactive && process.stdin.isTTY;
  if (!asked && !yes) throw new CliError('nobody can be asked here: give --yes to buy; nothing was bought');
  if (!yes && !(await askYes('Buy them?'))) throw new CliError('nothing was bought');
  return asked && (await askYes('Kill the worker with -9 in the middle, between two purchases?'));
}

const PLAIN_TIMEOUT_MS = 60_000;

/** It buys a part of its answers twice, so it may need longer. */
async function untilEnded(plain: PlainScript, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PLAIN_TIMEOUT_MS)]);
  await Promise.race([plain.ended(), once(limit, 'abort')]);
  signal.throwIfAborted();
}
