import { idsOf, type Check } from './check.ts';
import type { Books } from './books.ts';
import type { Histories } from './histories.ts';
import type { Calls } from './provider.ts';
import type { Waits } from './waits.ts';

const MOST = {
  byList: 1.06,
  outboundByPost: 0.03,
  inboundByPost: 1,
  scrapeEvents: 25,
  collectorEvents: 10,
};
const LEAST_WAITED = 0.3;

/** What a run on a provider's documented limits is judged by. */
export interface LimitEvidence {
  scrapes: number;
  webhooks: boolean;
  disturbed: boolean;
  calls: Calls;
  waits: Waits;
  histories: Histories;
}

/** Calls by the simulator's own count, and events by Temporal's. */
export function checkLimits({
  scrapes,
  webhooks,
  disturbed,
  calls,
  waits,
  histories,
}: LimitEvidence): Check[] {
  const outbound = Object.values(calls.counts).reduce((sum, count) => sum + count, 0) / scrapes;
  const most = webhooks ? MOST.outboundByPost : MOST.byList;
  const violations = Object.values(calls.violations).reduce((sum, count) => sum + count, 0);
  const waited = waits.forLimit / Math.max(1, waits.calls);
  const { collectors, sample } = histories;
  return [
    {
      name: `calls a scrape, at most ${most}${webhooks ? ' and one post to us' : ''}`,
      figure: `${outbound.toFixed(4)}${webhooks ? `, ${(calls.inbound / scrapes).toFixed(3)} to us, ${calls.inboundFailed} not taken` : ''}`,
      // Kills cost calls: those are counted and not judged.
      ok: disturbed || (outbound <= most && calls.inbound / scrapes <= MOST.inboundByPost),
      about: Object.entries(calls.counts).map(([call, count]) => `${count} ${call}`),
    },
    {
      name: 'limits broken, as the provider counts',
      figure: String(violations),
      ok: violations === 0,
      about: Object.entries(calls.peaksPerMinute).map(
        ([kind, count]) => `${kind}: at most ${count} a minute`,
      ),
    },
    {
      name: `calls that waited for a queue at its limit, at least ${LEAST_WAITED * 100} %`,
      figure: `${(waited * 100).toFixed(1)} % of ${waits.calls}`,
      // By posts there is hardly a call that could wait.
      ok: webhooks || waited >= LEAST_WAITED,
      about: [`${waits.forMachine} more were late while the queue was below its limit`],
    },
    {
      name: `events of a scrape that was told of its end, at most ${MOST.scrapeEvents}`,
      figure: `${sample.most} at most, of ${sample.scrapes}`,
      ok: disturbed || sample.most <= MOST.scrapeEvents,
      about: [],
    },
    {
      name: `events of a collector in any minute, at most ${MOST.collectorEvents}`,
      figure: collectors.map(({ busiestMinute }) => busiestMinute).join(', ') || 'no collector ran',
      ok: disturbed || collectors.every(({ busiestMinute }) => busiestMinute <= MOST.collectorEvents),
      about: collectors.flatMap(({ id, events, minutes, runs, busiestKinds }) => [
        `${id}: ${events} events of ${runs} runs in ${minutes.toFixed(1)} min`,
        `its busiest minute: ${Object.entries(busiestKinds)
          .map(([kind, count]) => `${count} ${kind}`)
          .join(', ')}`,
      ]),
    },
  ];
}

/** A purchase whose answer was lost is found, or proven not to be there: nothing is left in doubt. */
export function checkSettled({ batch, single }: Books): Check {
  const all = single ? [...batch, single] : batch;
  const open = all.filter(({ submissions }) =>
    submissions.some(({ isUnanswered, isAbsent }) => isUnanswered && !isAbsent),
  );
  const unknown = all.filter(({ record }) => record?.outcome === 'unknown');
  const absent = all.filter(({ submissions }) => submissions.some(({ isAbsent }) => isAbsent));
  return {
    name: 'purchases left in doubt',
    figure: `${open.length}, ${unknown.length} unknown; ${absent.length} were proven not to be there`,
    ok: open.length === 0 && unknown.length === 0,
    about: idsOf(open),
  };
}
