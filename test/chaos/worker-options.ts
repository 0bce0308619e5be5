import type { AccountCaps } from '../../src/contracts/caps.ts';
import type { ProofTiming, SubmitTiming } from '../../src/activities/deps.ts';
import type { FaultPoint } from '../../src/activities/fault-points.ts';

/** What `worker.ts` is told by its parent, as JSON in its first argument. */
export interface ChaosWorkerOptions {
  address: string;
  namespace: string;
  taskQueue: string;
  storeFolder: string;
  simulatorUrl: string;
  /** Key at the simulator; one of its own tells the jobs of one test from those of another. */
  key: string;
  /** Name of the account at ScrapeLLM; `simulator` if not given. */
  account?: string;
  /** `login:password` at the simulated DataForSEO; without it the worker serves ScrapeLLM alone. */
  dataForSeoKey?: string;
  /** What may be spent at each account, and how long money stays reserved for a purchase that nobody begins. */
  caps?: AccountCaps & { graceMs: number };
  /** The simulator's speed factor. */
  speed: number;
  submitsPerSecond: number;
  /** Looks at DataForSEO, which counts every call; ScrapeLLM's have no limit here. */
  dataForSeoPerSecond?: number;
  /** Where this process listens for posts, and what providers are told instead of it. */
  webhooks?: { port: number; publicUrl: string };
  /** While this file is there, the worker's disk is full. */
  diskFullFile?: string;
  /** The worker's disk is full from one point to another, once. */
  diskFull?: { from: FaultPoint; until: FaultPoint };
  /** From one probe of an account that cannot pay to the next; a minute if not given. */
  probeIntervalMs?: number;
  /** How soon a search proves that a lost purchase was not made; as in production if not given. */
  proof?: Partial<ProofTiming>;
  /** File with the workflow bundle. */
  bundlePath: string;
  timing: SubmitTiming;
  /** The process sends itself this signal when it reaches the point for the n-th time, from 1; frozen, it polls nothing. */
  signalAt?: { point: FaultPoint; nth: number; signal: 'SIGKILL' | 'SIGSTOP' };
}

/** The line that the worker prints once its workers poll. */
export const READY_LINE = 'ready';
