import { defineSignal } from '@temporalio/workflow';
import type { Charge } from '../../src/contracts/money.ts';

/** Ends a stand-in of a scrape (ended-by-signal.ts), with what it cost. */
export const END_SIGNAL = defineSignal<[Charge]>('end');
