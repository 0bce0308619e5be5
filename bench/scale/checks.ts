import type { Books } from './books.ts';
import { checkCancel } from './cancel-checks.ts';
import { allOf, idsOf, type Check } from './check.ts';
import type { Histories } from './histories.ts';
import { checkMoney } from './money-checks.ts';
import { checkLimits, checkSettled } from './limit-checks.ts';
import type { Calls, ScaleProvider } from './provider.ts';
import type { Run } from './run.ts';
import type { Waits } from './waits.ts';

/** Everything that is judged. */
export interface Evidence {
  scrapes: number;
  provider: ScaleProvider;
  webhooks: boolean;
  run: Run;
  calls: Calls;
  /** Where the provider's limits are kept. */
  waits?: Waits | undefined;
  books: Books;
  histories: Histories;
  workerPeaks: Array<{ name: string; peakBytes: number }>;
  /** Worker lives that ended although nobody had ended them. */
  selfEnded: readonly string[];
}

export const ENDINGS = ['done', 'empty', 'failed', 'expired', 'unknown', 'cancelled', 'refused'] as const;

const MOST = {
  parentEvents: 10,
  historyEvents: 10_000,
  workerBytes: 1e9,
  singleDelayMs: 3_000,
};

/** Judges a run. It shares no code with the product: what it believes are the simulator's ledger and plain files. */
export function checkAll(evidence: Evidence): Check[] {
  const { run, books, provider, waits } = evidence;
  const disturbed = run.kills.length + run.outages.length > 0 || run.cancel !== undefined;
  return [
    checkOutcomes(evidence),
    checkBoughtTwice(books),
    checkCollected(books),
    provider.searched ? checkSettled(books) : checkUnknown(books, run),
    ...checkMoney(books, run.batch, provider),
    ...checkSizes(evidence),
    ...(waits ? checkLimits({ ...evidence, waits, disturbed }) : []),
    checkProcesses(evidence),
    ...(run.cancel ? checkCancel(books.batch, run.cancel.askedAtMs) : []),
    ...checkSingle(books, run),
  ];
}

/** Scrapes of the batch without those that a cancel kept from beginning. */
export function startedOf(scrapes: number, { batch }: Run): number {
  return scrapes - (batch?.counts.cancelled ?? 0);
}

function checkOutcomes({ scrapes, run, books }: Evidence): Check {
  const counts = run.batch?.counts;
  const ended = ENDINGS.reduce((sum, outcome) => sum + (counts?.[outcome] ?? 0), 0);
  const open = counts?.open ?? scrapes;
  const differing = ENDINGS.filter(
    (outcome) => books.batch.filter(({ record }) => record?.outcome === outcome).length !== counts?.[outcome],
  );
  const figure = `${ended} of ${scrapes}, ${open} open`;
  return {
    name: 'outcomes add up, and records say the same',
    figure: differing.length > 0 ? `${figure}; records differ in ${differing.join(', ')}` : figure,
    ok: ended === scrapes && open === 0 && differing.length === 0,
    about: idsOf(books.batch.filter(({ record }) => !record)),
  };
}

/** A job is bought again for a reason only if every job before it had failed, and was over by then. */
export function checkBoughtTwice(books: Books): Check {
  const repeats = allOf(books).flatMap((book) =>
    book.jobs.slice(1).map((job, i) => ({
      book,
      isNeeded: book.jobs
        .slice(0, i + 1)
        .every(({ outcome, firstReadyAt }) => outcome === 'failed' && (firstReadyAt ?? '9') <= job.createdAt),
    })),
  );
  const twice = repeats.filter(({ isNeeded }) => !isNeeded).map(({ book }) => book);
  const strangers = books.strangers.length;
  return {
    name: 'bought twice',
    figure: `${twice.length} (${repeats.length - twice.length} again after a failure, ${strangers} that nobody asked for)`,
    ok: twice.length === 0 && strangers === 0,
    about: idsOf(twice),
  };
}

/** The answer of every job that was paid, and not given back, is in the store with the hash that its record names. */
function checkCollected(books: Books): Check {
  let receipts = 0;
  const left = allOf(books).filter(({ submissions, jobs, storedJobId }) =>
    submissions.some(({ receipt }) => {
      if (!receipt) return false;
      receipts += 1;
      const job = jobs.find(({ jobId }) => jobId === receipt.taskId);
      return !job || (job.outcome !== 'failed' && (job.collected === 0 || storedJobId !== job.jobId));
    }),
  );
  return {
    name: 'jobs with a receipt and no collected answer',
    figure: `${left.length} of ${receipts}`,
    ok: left.length === 0,
    about: idsOf(left),
  };
}

/** A purchase is in doubt if a kill left its intent without an answer, and then only. */
function checkUnknown(books: Books, { kills }: Run): Check {
  const all = allOf(books);
  const seen = new Map<string, string>();
  kills.forEach(({ worker, open }, k) => {
    for (const { scrapeId, n } of open) {
      const key = `${scrapeId} ${n}`;
      if (!seen.has(key)) seen.set(key, `kill ${k + 1}, of ${worker}`);
    }
  });
  const killOf = ({ scrapeId, n }: { scrapeId: string; n: number }) => seen.get(`${scrapeId} ${n}`);
  const unanswered = all.flatMap(({ submissions }) => submissions.filter(({ isUnanswered }) => isUnanswered));
  const left = unanswered.filter((one) => killOf(one) !== undefined);
  const leftIds = new Set(left.map(({ scrapeId }) => scrapeId));
  const unknown = all.filter(({ record }) => record?.outcome === 'unknown');
  const same = unknown.length === leftIds.size && unknown.every(({ scrapeId }) => leftIds.has(scrapeId));
  return {
    name: 'unknown = intents that a kill left open',
    figure: `${unknown.length} = ${leftIds.size}, ${unanswered.length - left.length} open for another reason`,
    ok: same && unanswered.length === left.length,
    about: [
      ...unanswered.map((one) => `${one.scrapeId} (${killOf(one) ?? 'no kill'})`),
      ...idsOf(unknown.filter(({ scrapeId }) => !leftIds.has(scrapeId))),
    ],
  };
}

function checkSizes({ scrapes, run, histories, workerPeaks }: Evidence): Check[] {
  const { longest, parents } = histories;
  const perScrape = parents.events / startedOf(scrapes, run);
  const worst = workerPeaks.reduce((most, { peakBytes }) => Math.max(most, peakBytes), 0);
  return [
    {
      name: `longest history, at most ${MOST.historyEvents} events`,
      figure: `${longest.events} (${longest.id})`,
      ok: longest.events > 0 && longest.events <= MOST.historyEvents,
      about: [],
    },
    {
      name: `events a scrape in the parents, at most ${MOST.parentEvents}`,
      figure: `${perScrape.toFixed(2)}${run.cancel ? ' of those that ended; a cancel adds to each that was open' : ''}`,
      // Those that were open at a cancel end as cancelled, with events in their parents, and are not in the divisor.
      ok: parents.events > 0 && (run.cancel !== undefined || perScrape <= MOST.parentEvents),
      about: [],
    },
    {
      name: 'worker memory, peak, under 1 GB each',
      figure: `${Math.round(worst / 1e6)} MB`,
      ok: worst > 0 && worst < MOST.workerBytes,
      about: [],
    },
  ];
}

/** Nothing but our kills ended a worker, and the client waited through every outage. */
function checkProcesses({ selfEnded, run }: Evidence): Check {
  const { clientErrors, gaveUp } = run;
  return {
    name: 'workers that ended by themselves, client calls that failed',
    figure: `${selfEnded.length}, ${clientErrors.length}${gaveUp === undefined ? '' : `; ${gaveUp}`}`,
    ok: selfEnded.length === 0 && clientErrors.length === 0 && gaveUp === undefined,
    about: [...new Set(clientErrors)],
  };
}

function checkSingle({ single: book, batch }: Books, { single }: Run): Check[] {
  if (!book) return [];
  const [job] = book.jobs;
  const delayMs = job && single ? Date.parse(job.createdAt) - single.atMs : Number.NaN;
  const boughtMs = batch.flatMap(({ jobs }) => jobs.map(({ createdAt }) => Date.parse(createdAt)));
  const count = (from: number, to: number) => boughtMs.filter((ms) => ms >= from && ms < to).length;
  const at = job ? Date.parse(job.createdAt) : 0;
  const between = single ? count(single.atMs, at) : 0;
  return [
    {
      name: 'single scrape, from its start to its purchase, at most 3 s',
      figure:
        `${delayMs} ms; bought as number ${count(0, at) + 1}, ${between} of the batch in between, ` +
        `${single?.queuedBefore ?? 'unknown'} queued before it`,
      ok: delayMs <= MOST.singleDelayMs && book.record?.outcome === 'done',
      about: book.record?.outcome === 'done' ? [] : [`it ended as ${book.record?.outcome ?? 'nothing'}`],
    },
  ];
}
