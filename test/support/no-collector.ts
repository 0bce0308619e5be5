import type { Collector } from '../../src/activities/collector.ts';

/** For activities that run without a Temporal server: nobody is told what is wanted. */
export const NO_COLLECTOR: Collector = { want: async () => {}, wantSweep: async () => {} };
