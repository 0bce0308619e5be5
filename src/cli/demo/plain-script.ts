import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PLAIN_KEY } from './simulators.ts';

const SCRIPT = fileURLToPath(new URL('../../../examples/plain-script.js', import.meta.url));
/** The vendor's own loop polls every 3 s, and says that less than 1 s gains nothing: docs.scrapellm.com/guides/async-jobs */
const POLL_EVERY_MS = { inLife: 3_000, least: 1_000 };

export interface PlainScript {
  pid(): number | undefined;
  /** `kill -9`, then the same command again, as a person or a supervisor would do. */
  killAndRestart(): Promise<void>;
  /** Resolves when it has ended by itself. */
  ended(): Promise<void>;
  stop(): Promise<void>;
  /** Ids of the jobs whose answers are in its file. */
  collected(): Set<string>;
}

/** Runs `examples/plain-script.js` as a process of its own, from an empty results file. */
export function startPlainScript(options: {
  folder: string;
  prompts: string;
  url: string;
  speed: number;
}): PlainScript {
  const results = join(options.folder, 'plain-script.jsonl');
  mkdirSync(dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const launch = (): ChildProcess =>
    spawn(process.execPath, [SCRIPT, options.prompts, results], {
      env: {
        SCRAPELLM_API_KEY: PLAIN_KEY,
        SCRAPELLM_BASE_URL: options.url,
        POLL_EVERY_MS: String(Math.max(POLL_EVERY_MS.least, POLL_EVERY_MS.inLife / options.speed)),
      },
      // It is killed with us, not by a Ctrl-C in our terminal; what it says about failed jobs is in the ledger too.
      detached: true,
      stdio: 'ignore',
    });
  let child = launch();
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    pid: () => child.pid,
    stop,
    async killAndRestart() {
      await stop();
      child = launch();
    },
    async ended() {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    collected: () => new Set(readLines(results).map(({ job }) => job.job_id)),
  };
}

const lineSchema = z.object({ job: z.object({ job_id: z.string() }) });

function readLines(path: string): Array<z.infer<typeof lineSchema>> {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => lineSchema.parse(JSON.parse(line)));
}
