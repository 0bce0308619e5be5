import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The oldest Temporal CLI that we start: 1.5 brought the server (1.29) that knows priority and fairness. */
const MINIMUM_CLI_VERSION = '1.5.0';

/** A 150 MB binary on a cold disk, or behind a virus scanner, may take seconds to answer. */
const VERSION_TIMEOUT_MS = 20_000;

export type CliCheck = { ok: true; version: string } | { ok: false; reason: string };

/** Runs `<path> --version`: a binary that does not run here, hangs or is too old gives the reason, never an exception. */
export async function checkCli(path: string): Promise<CliCheck> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: VERSION_TIMEOUT_MS });
    return judgeVersion(stdout);
  } catch (error) {
    return { ok: false, reason: `does not run: ${oneLine(error)}` };
  }
}

/** Reads what `temporal --version` prints: `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`. */
function judgeVersion(output: string): CliCheck {
  const version = /^temporal version (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined) {
    return { ok: false, reason: `is no Temporal CLI: --version printed "${output.trim().slice(0, 80)}"` };
  }
  if (isOlder(version, MINIMUM_CLI_VERSION)) {
    return {
      ok: false,
      reason: `version ${version} is too old, ${MINIMUM_CLI_VERSION} is the oldest that works`,
    };
  }
  return { ok: true, version };
}

function isOlder(version: string, than: string): boolean {
  const [left, right] = [version.split('.').map(Number), than.split('.').map(Number)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

/** The last line that a failed command said, else the error's own message, in one line. */
export function oneLine(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const message = error instanceof Error ? error.message : String(error);
  const said = (stderr === '' ? message : stderr).split('\n').at(-1) ?? '';
  return said.trim().slice(0, 300);
}
