import type { Gleaner } from '../../../src/client/connect-gleaner.ts';
import type { SimulatorControl } from '../../../src/simulator/control.ts';
import type { Random } from '../../../src/simulator/random.ts';
import type { BatchKeeper } from './batch-keeper.ts';
import type { FaultBook } from './fault-book.ts';
import type { Fleet } from './fleet.ts';
import type { OpenScrapes } from './open-scrapes.ts';
import type { CampaignOptions } from './options.ts';
import type { PostOffice } from './post-office.ts';
import type { ChaosServer } from './server.ts';
import type { Wire } from './wire.ts';

/** What the workers' queue of purchases at ScrapeLLM lets through, over all of them. */
export const SUBMITS_PER_SECOND = 10;

/** What may be taken of each account in a day: more than any campaign does, so that every purchase is in the log of a cap. */
export const DAY_CAP = { credits: 50_000, usdMicros: 50_000_000 };

/** Everything that the adversary can reach. */
export interface CampaignWorld {
  options: CampaignOptions;
  random: Random;
  book: FaultBook;
  /** Faults by kind that earlier runs made. */
  madeBefore: Readonly<Record<string, number>>;
  server: ChaosServer;
  fleet: Fleet;
  control: SimulatorControl;
  simulatorUrl: string;
  /** From the workers to the providers, and from the providers to the workers' receivers. */
  outbound: Wire;
  inbound: Wire;
  postOffice: PostOffice;
  /** As its users have it. */
  gleaner: Gleaner;
  keeper: BatchKeeper;
  open: OpenScrapes;
  /** While it is there, the workers' disk is full. */
  diskFullFile: string;
  /** How far the simulators' clock was moved, and when (real time), milliseconds. */
  leaps: Array<{ atMs: number; ms: number }>;
}
