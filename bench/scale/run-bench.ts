import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatReport, type Report } from './report.ts';
import type { Surroundings } from './system.ts';

interface BenchOptions {
  json: boolean;
  /** Leaves store, database and logs where they are. */
  keep: boolean;
}

/**
 * Runs a bench of real processes in a new folder, prints its report and ends the process: with 0 if every check holds, else
 * with 1. Whatever was started is ended, also on Ctrl-C.
 */
export async function runBench<O extends BenchOptions>(
  name: string,
  options: O,
  run: (options: O, around: Surroundings) => Promise<Report>,
): Promise<never> {
  const folder = await mkdtemp(join(tmpdir(), `gleaner-${name}-`));
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
    const report = await run(options, { folder, log, onEnd });
    console.log(options.json ? JSON.stringify({ options, ...report }, undefined, 2) : formatReport(report));
    exitCode = report.checks.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    if (!ending) console.error(error);
  }
  await end();
  // The client is left open: to close one whose call is just being made again lets the SDK throw from a timer.
  process.exit(exitCode);
}

function log(line: string): void {
  console.error(line);
}
