/**
 * What a scrape costs in CPU, history and calls, three ways on one simulator, one after the other: an empty child
 * workflow (the floor), a plain submit/sleep/poll workflow with the SDK's defaults, and Gleaner with its real client,
 * worker and store. Needs `npm run build` first, and Linux (it reads /proc). What the figures mean: docs/benchmarks.md.
 *
 *   npx tsx bench/throughput.ts [--provider scrapellm|dataforseo [--webhooks]] [--scrapes 700] [--workers 1] [--speed 1] [--window 400] [--only empty,plain,gleaner]
 *     [--address host:port [--namespace ns] [--server-pids 1,2]] [--build dist] [--cpu-prof] [--json]
 */
import { measure, type Measured } from './throughput/measure.ts';
import { readOptions } from './throughput/options.ts';
import { cpuRatio, formatTable } from './throughput/table.ts';
import { startWorld } from './throughput/world.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

const options = optionsOrUsage(import.meta.url, () => readOptions(process.argv.slice(2)));
const world = await startWorld(options, (line) => console.error(line));
const results: Measured[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void world.close().finally(() => process.exit(1)));
}
try {
  for (const phase of options.phases) {
    console.error(`${phase} …`);
    results.push(await measure(phase, world, options));
  }
} finally {
  await world.close();
}
if (options.json)
  console.log(
    JSON.stringify(
      { options: { ...options, provider: options.provider.name }, results, cpuRatio: cpuRatio(results) },
      undefined,
      2,
    ),
  );
else console.log(formatTable(results, options));
process.exitCode = results.every(allEnded) ? 0 : 1;

/** Every scrape has one outcome, and nothing is left open. */
function allEnded({ outcomes, scrapes }: Measured): boolean {
  const { open = 0, ...ended } = outcomes;
  return open === 0 && Object.values(ended).reduce((sum, count) => sum + count, 0) === scrapes;
}
