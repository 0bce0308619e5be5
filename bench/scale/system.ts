import type { MeteredProcess } from './usage-meter.ts';

/** Temporal, its database and the simulator, as users run them; the workers are not in it. */
export interface ScaleSystem {
  address: string;
  namespace: string;
  /** For Gleaner's workers and its client. */
  env: Record<string, string>;
  /** Whether the first worker is to listen for what the provider posts. */
  webhooks: boolean;
  /** Path of the command line in the build that the workers run. */
  main: string;
  simulatorUrl: string;
  /** What the database is, for people. */
  database: string;
  /** What runs now. */
  processes(): MeteredProcess[];
  /**
   * `kill -9` at once, and started again on the same database at the same address; returns when it serves. It is gone
   * while `whileDown` runs.
   */
  killServer(whileDown?: () => Promise<void>): Promise<void>;
  /** Ended in an orderly way and started again; the dev server has none. */
  restartPostgres?(): Promise<void>;
}

/** What a system and its parts are started with. */
export interface Surroundings {
  /** Empty; everything of the run goes here. */
  folder: string;
  log: (line: string) => void;
  /** Called for everything that was started, at once; ended in the reverse order. */
  onEnd: (stop: () => Promise<void>) => void;
}
