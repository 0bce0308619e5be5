import { SEARCH_ATTRIBUTES } from '../contracts/messages.ts';

/**
 * Server settings by dynamic config; names as in temporalio/temporal common/dynamicconfig/constants.go, checked against
 * server 1.32.0 (a wrong name is ignored without a word).
 */
const DYNAMIC_CONFIG: Record<string, string> = {
  // The defaults (2,400 requests a second) are the first wall that a batch meets: a scrape is 25 to 53 requests.
  'frontend.rps': '20000',
  'frontend.namespaceRPS': '20000',
  // Lists and counts; the default is 10 a second.
  'frontend.namespaceRPS.visibility': '1000',
  'history.rps': '20000',
  'matching.rps': '20000',
  // A rate limit is divided over partitions; with 4 the split is uneven and the steady rate falls below the limit.
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
  // Two batches share a limited queue from the first task on.
  'matching.enableFairness': 'true',
  // Starts and ends of children meet at the lock of their parent; without queues of their own those that lose wait longer
  // and longer, up to minutes (decision 19).
  'history.taskSchedulerEnableExecutionQueueScheduler': 'true',
};

/** Safe against killed processes, not against a machine that loses power; the journal in the store is. */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=OFF'];

export interface ServerArguments {
  database: string;
  port: number;
  uiPort: number;
  /** Created at launch if it is not there. */
  namespace: string;
}

/** The command line of our dev server: only this machine reaches it, because it has no authentication. */
export function serverArguments({ database, port, uiPort, namespace }: ServerArguments): string[] {
  const flags: Record<string, string> = {
    '--ip': '127.0.0.1',
    '--port': String(port),
    '--ui-port': String(uiPort),
    '--namespace': namespace,
    '--db-filename': database,
    '--log-level': 'warn',
  };
  return [
    'server',
    'start-dev',
    ...Object.entries(flags).flat(),
    ...SQLITE_PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...Object.entries(DYNAMIC_CONFIG).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${value}`,
    ]),
  ];
}
