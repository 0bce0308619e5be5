import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Gleaner } from '../../client/connect-gleaner.ts';
import type { Config } from '../../config/config.ts';
import type { Server } from '../../dev-server/ensure-server.ts';
import { analyse } from '../../report/analyse.ts';
import { collectReport } from '../../report/collect.ts';
import { writeReport } from '../../report/write-report.ts';
import type { Terminal } from '../terminal.ts';
import { countWorkflows, type GleanerFacts, type Side } from './facts.ts';
import { lastScreen } from './last-screen.ts';
import { filteredListLink, gleanerCommand, nextCommands, temporalCommand } from './next-commands.ts';
import type { BatchEnd } from './run-batch.ts';

/** The made-up brand of examples/prompts.csv and its made-up rivals. */
const BRANDS = { brand: 'Lumora', rivals: ['Brightwell', 'Kestrel Labs'] };

export interface EndOfDemo {
  terminal: Terminal;
  config: Config;
  server: Server;
  gleaner: Gleaner;
  end: BatchEnd;
  facts: GleanerFacts;
  plain?: Side;
  /** Process id of the worker that went on after the kill. */
  successor: number | undefined;
  /** Of `shellSettings`. */
  settings: string;
  stay: boolean;
}

/** Writes the report and prints the last screen; false if what was measured contradicts itself. */
export async function printEnd(demo: EndOfDemo): Promise<boolean> {
  const { terminal, config, gleaner, end, plain } = demo;
  const { record, kill } = end;
  const { batchId } = record;
  const { client } = await gleaner.temporal();
  const report = join(config.home, `report-${batchId.split('/').at(-1)}.html`);
  await writeReport(gleaner.store, batchId, report, { brands: BRANDS });
  const { lines, contradictions } = lastScreen({
    batchId,
    simulated: config.simulated,
    speed: config.simulatorSpeed,
    brand: BRANDS.brand,
    record,
    analysis: analyse(await collectReport(gleaner.store, batchId), { brands: BRANDS }),
    workflows: await countWorkflows(client, batchId, record.total),
    gleaner: demo.facts,
    ...(plain && { plain }),
    ...(kill && { kill: { ...kill, successor: demo.successor } }),
  });
  for (const line of ['', ...lines, '', ...(await linksAndCommands(demo, report))]) terminal.out(line);
  return contradictions.length === 0;
}

async function linksAndCommands(
  { terminal, config, server, end, settings, stay }: EndOfDemo,
  report: string,
) {
  const { env, cwd } = terminal;
  const { batchId } = end.record;
  const gleaner = gleanerCommand(cwd, process.argv);
  const commands = nextCommands({
    gleaner,
    temporal: await temporalCommand(env),
    settings,
    batchId,
    address: server.address,
    namespace: server.namespace,
    taskQueue: config.taskQueue,
  });
  const { uiUrl, namespace } = server;
  const ui =
    uiUrl === undefined
      ? `Temporal UI: namespace ${namespace}, query BatchId="${batchId}"`
      : `Temporal UI: ${filteredListLink(uiUrl, namespace, batchId)}`;
  return [
    ui,
    `report:      ${pathToFileURL(report).href}`,
    '',
    stay ? 'next, in another terminal:' : `next (bring it up again first: ${settings} ${gleaner} up):`,
    ...commands.map((command) => `  ${command}`),
    ...(stay ? ['', 'Everything stays up until Ctrl-C.'] : []),
  ];
}
