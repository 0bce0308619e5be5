/**
 * A large batch with real processes, checked against the simulator's ledger: every outcome accounted for, nothing bought
 * twice, everything paid collected, and within its limits of memory and history. Needs `npm run build` first, and Linux
 * (it reads /proc); `--server topology` needs what `npm run topology` needs. Exits with 1 if a check fails.
 * What the figures mean: docs/benchmarks.md.
 *
 *   npx tsx bench/scale.ts [--scrapes 7000] [--workers 3] [--server dev|topology] [--window 400] [--speed 1]
 *     [--submits-per-second N] [--submit-ms N] [--kill-worker-every SECONDS] [--kill-server N] [--restart-postgres N]
 *     [--cancel-at N] [--single] [--seed S] [--json] [--keep]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScale } from './scale/run-scale.ts';
import { formatReport } from './scale/report.ts';
import { readOptions } from './scale/options.ts';

const options = readOptions(process.argv.slice(2));
const folder = await mkdtemp(join(tmpdir(), 'gleaner-scale-'));
const log = (line: string): void => console.error(line);
const stops: Array<() => Promise<void>> = [];
let ending: Promise<void> | undefined;

/** What is started while everything ends is ended too, and nothing is started after it. */
function onEnd(stop: () => Promise<void>): void {
  stops.push(stop);
  if (ending) throw new Error('interrupted');
}

/** Ends everything that was started, once. */
function end(): Promise<void> {
  ending ??= (async () => {
    for (let stop = stops.pop(); stop; stop = stops.pop()) {
      await stop().catch((error: unknown) => log(String(error)));
    }
    if (options.keep) log(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  })();
  return ending;
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    log(`${signal}: ending everything`);
    void end().finally(() => process.exit(130));
  });
}
let exitCode = 1;
try {
  const report = await runScale(options, { folder, log, onEnd });
  console.log(options.json ? JSON.stringify({ options, ...report }, undefined, 2) : formatReport(report));
  exitCode = report.checks.every(({ ok }) => ok) ? 0 : 1;
} catch (error) {
  if (!ending) console.error(error);
}
await end();
// The client is left open: to close one whose call is just being made again lets the SDK throw from a timer.
process.exit(exitCode);
