import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';
import type { LogLevelName } from './log-levels.ts';

/** Fields that say what a line is about; everything else stays out, so that no payload and no secret can get in. */
const SHOWN_FIELDS = ['workflowId', 'activityType', 'attempt', 'taskQueue'];

/** Workers of an account's queues run activities only, on purpose. */
const EXPECTED_WARNING = 'No workflows registered';

/**
 * Sets up the SDK's one runtime of this process: single-line logs at `level`, and no signal handling, because we decide
 * when the workers end. To be called before any connection is made.
 */
export function installRuntime(level: LogLevelName, write: (line: string) => void): void {
  const name = level.toUpperCase() as Uppercase<LogLevelName>; // toUpperCase keeps the literal
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger(name, (entry) => {
      if (!entry.message.startsWith(EXPECTED_WARNING)) write(formatEntry(entry));
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: name, other: 'ERROR' }) },
    },
  });
}

function formatEntry({ level, message, timestampNanos, meta }: LogEntry): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString().slice(11, 19);
  const fields = SHOWN_FIELDS.flatMap((name) => (meta?.[name] === undefined ? [] : `${name}=${meta[name]}`));
  const error = meta?.['error'];
  const why = error instanceof Error ? `: ${error.message}` : '';
  const line = [`${time} ${level.toLowerCase()} ${message}${why}`, ...fields].join(' ');
  return line.replace(/\s*\n\s*/g, ' ↵ ').slice(0, 1_000);
}
