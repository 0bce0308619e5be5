import { describe, expect, it } from 'vitest';
import type { Book, Books } from '../../bench/scale/books.ts';
import { checkAll, type Evidence } from '../../bench/scale/checks.ts';
import { SCALE_PROVIDERS } from '../../bench/scale/provider.ts';
import type { Run } from '../../bench/scale/run.ts';
import { emptyCounts, type Outcome } from '../../src/contracts/outcomes.ts';
import type { LedgerJob } from '../../src/simulator/ledger.ts';

const START_MS = Date.parse('2026-01-02T03:00:00Z');
const at = (seconds: number) => new Date(START_MS + seconds * 1000).toISOString();
const ID = 'batch/scale/q00001/scrapellm/grok/1';

function job(changes: Partial<LedgerJob> = {}): LedgerJob {
  return {
    jobId: 'job-1',
    key: 'key',
    kind: 'async',
    scraper: 'grok',
    prompt: 'p',
    country: 'US',
    params: { bypassCache: false, webSearch: false, markdownJson: false, mode: 'fast' },
    createdAt: at(1),
    state: 'done',
    outcome: 'done',
    attempts: 1,
    cached: false,
    charged: 3,
    refunded: 0,
    collected: 1,
    firstReadyAt: at(5),
    firstDeliveredAt: at(6),
    ...changes,
  };
}

function book(
  changes: Partial<Book> & { outcome?: Outcome; charge?: number; possiblySpent?: number } = {},
): Book {
  const { outcome = 'done', charge = 3, possiblySpent = 0, ...rest } = changes;
  return {
    scrapeId: ID,
    engine: 'grok',
    prompt: 'p',
    submissions: [
      {
        scrapeId: ID,
        n: 1,
        intentsAtMs: [START_MS + 1000],
        isUnanswered: false,
        receipt: { taskId: 'job-1', credits: 3 },
      },
    ],
    record: {
      scrapeId: ID,
      scraper: 'scrapellm/grok',
      market: 'US/en',
      account: 'default',
      outcome,
      submissions: 1,
      charge: { credits: charge },
      possiblySpent: { credits: possiblySpent },
      refundExpected: {},
      simulated: true,
    },
    storedJobId: 'job-1',
    jobs: [job()],
    ...rest,
  };
}

/** A purchase whose worker died before the answer. */
const LEFT_OPEN = {
  outcome: 'unknown' as const,
  charge: 0,
  possiblySpent: 3,
  submissions: [{ scrapeId: ID, n: 1, intentsAtMs: [START_MS + 1000], isUnanswered: true }],
  jobs: [job({ collected: 0 })],
};
const KILL = {
  worker: 'worker-1',
  atMs: START_MS + 2000,
  open: [{ scrapeId: ID, n: 1, createdAtMs: START_MS + 1000 }],
};

function evidence(one: Book, run: Partial<Run> = {}, books: Partial<Books> = {}): Evidence {
  const { outcome = 'done', charge = {}, possiblySpent = {} } = one.record ?? {};
  const counts = { ...emptyCounts(), [outcome]: 1 };
  const batch = {
    batchId: 'batch/scale',
    total: 1,
    counts,
    charge,
    possiblySpent,
    refundExpected: {},
    startedAt: at(0),
    endedAt: at(9),
    simulated: true,
  };
  return {
    scrapes: 1,
    provider: SCALE_PROVIDERS.scrapellm,
    webhooks: false,
    calls: { counts: {}, inbound: 0, inboundFailed: 0, violations: {}, peaksPerMinute: {} },
    run: { seconds: 9, batch, kills: [], outages: [], clientErrors: [], ...run },
    books: { batch: [one], strangers: [], ...books },
    histories: {
      longest: { id: 'batch/scale/p1', events: 300 },
      parents: { events: 8, actions: 3 },
      parentIds: [],
      sample: { events: 20, actions: 5, scrapes: 1, most: 20 },
      collectors: [],
    },
    workerPeaks: [{ name: 'worker-1', peakBytes: 4e8 }],
    selfEnded: [],
  };
}

function cancelAt(seconds: number): Pick<Run, 'cancel'> {
  const askedAtMs = START_MS + seconds * 1000;
  return { cancel: { askedAtMs, saidAtMs: askedAtMs } };
}

function failedOf(given: Evidence): string[] {
  return checkAll(given)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);
}

describe('the checks of a large run', () => {
  it('find nothing wrong with a scrape that was bought once and collected', () => {
    expect(failedOf(evidence(book()))).toEqual([]);
  });

  it('find nothing wrong with a purchase that a kill left open and that is named so', () => {
    expect(failedOf(evidence(book(LEFT_OPEN), { kills: [KILL] }))).toEqual([]);
  });

  it('find an open purchase that no kill explains', () => {
    expect(failedOf(evidence(book(LEFT_OPEN)))).toEqual(['unknown = intents that a kill left open']);
  });

  it('find a purchase that a kill left open and that is told as something else', () => {
    const told = evidence(book({ ...LEFT_OPEN, outcome: 'failed' }), { kills: [KILL] });
    expect(failedOf(told)).toEqual(['unknown = intents that a kill left open']);
  });

  it('find a second purchase unless the first had failed before it', () => {
    const second = job({ jobId: 'job-2', createdAt: at(7) });
    const receipts = book().submissions.concat({
      scrapeId: ID,
      n: 2,
      intentsAtMs: [START_MS + 7000],
      isUnanswered: false,
      receipt: { taskId: 'job-2', credits: 3 },
    });
    const twice = { submissions: receipts, storedJobId: 'job-2', charge: 6 };
    const needed = [job({ outcome: 'failed', collected: 0 }), second];
    expect(failedOf(evidence(book({ ...twice, jobs: needed })))).toEqual([]);
    expect(failedOf(evidence(book({ ...twice, jobs: [job(), second] })))).toContain('bought twice');
    const tooSoon = [job({ outcome: 'failed', firstReadyAt: at(8) }), second];
    expect(failedOf(evidence(book({ ...twice, jobs: tooSoon })))).toContain('bought twice');
  });

  it('find a job that nobody had asked for', () => {
    expect(failedOf(evidence(book(), {}, { strangers: [job()] }))).toEqual(['bought twice']);
  });

  it.each([
    ['that was never fetched', { jobs: [job({ collected: 0 })] }],
    ['that is not in the store', { storedJobId: undefined }],
    ['in whose place another one is stored', { storedJobId: 'job-9' }],
  ])('find an answer %s', (_, changes) => {
    expect(failedOf(evidence(book(changes)))).toEqual(['jobs with a receipt and no collected answer']);
  });

  it('find credits that the provider took and no record names', () => {
    expect(failedOf(evidence(book({ charge: 2 })))).toEqual([
      'credits of the records = credits of the ledger',
    ]);
    const silent = book({ ...LEFT_OPEN, possiblySpent: 0 });
    expect(failedOf(evidence(silent, { kills: [KILL] }))).toEqual([
      'credits of the records = credits of the ledger',
    ]);
  });

  it('find a scrape without a record', () => {
    expect(failedOf(evidence(book({ record: undefined })))).toContain(
      'outcomes add up, and records say the same',
    );
  });

  it('find histories and workers that are too large', () => {
    const given = evidence(book());
    const histories = {
      ...given.histories,
      longest: { id: 'x', events: 10_001 },
      parents: { events: 11, actions: 1 },
    };
    const workerPeaks = [{ name: 'worker-1', peakBytes: 1e9 }];
    expect(failedOf({ ...given, histories, workerPeaks })).toHaveLength(3);
  });

  it('find a purchase that began later than 5 s after the cancel', () => {
    const late = book({ jobs: [job({ createdAt: at(7) })] });
    expect(failedOf(evidence(late, cancelAt(2)))).toEqual([]);
    expect(failedOf(evidence(late, cancelAt(1)))).toEqual(['last purchase after the cancel, at most 5 s']);
  });

  it('find a scrape that is told as cancelled although it was bought', () => {
    const cancel = { askedAtMs: START_MS, saidAtMs: START_MS };
    expect(failedOf(evidence(book({ outcome: 'cancelled' }), { cancel }))).toContain(
      'cancelled = never bought',
    );
  });

  it('find a single scrape that waited behind the batch', () => {
    const single = { atMs: START_MS, queuedBefore: 100 };
    const soon = book({ jobs: [job({ createdAt: at(3) })] });
    const late = book({ jobs: [job({ createdAt: at(3.1) })] });
    expect(failedOf(evidence(book(), { single }, { single: soon }))).toEqual([]);
    expect(failedOf(evidence(book(), { single }, { single: late }))).toEqual([
      'single scrape, from its start to its purchase, at most 3 s',
    ]);
  });

  it('find workers that ended by themselves, and calls of the client that failed', () => {
    const name = 'workers that ended by themselves, client calls that failed';
    expect(failedOf({ ...evidence(book()), selfEnded: ['worker-2'] })).toEqual([name]);
    expect(failedOf(evidence(book(), { clientErrors: ['no'] }))).toEqual([name]);
  });
});

describe('the checks of a run on documented limits', () => {
  const waits = { calls: 100, forLimit: 30, forMachine: 10, p50Ms: 500, maxMs: 9_000 };
  const limited = (changes: Partial<Evidence> = {}): Evidence => {
    const given = evidence(book());
    const provider = { ...SCALE_PROVIDERS.scrapellm, searched: true, keepsLimits: true };
    return { ...given, provider, waits, ...changes };
  };
  it('find nothing wrong with a call a scrape, a third of them held back', () => {
    expect(failedOf(limited(callsOf({ task_get: 1, task_post: 0.06 })))).toEqual([]);
  });

  it('find a call too many, a broken limit, and a limiter that nobody waited for', () => {
    const busy = limited(callsOf({ task_get: 1.07 }, { total: 1 }));
    expect(failedOf({ ...busy, waits: { ...waits, forLimit: 29 } })).toEqual([
      'calls a scrape, at most 1.06',
      'limits broken, as the provider counts',
      'calls that waited for a queue at its limit, at least 30 %',
    ]);
  });

  it('find a look of a scrape whose result was posted', () => {
    const posted = limited({ webhooks: true, ...callsOf({ task_get: 0.04 }) });
    expect(failedOf(posted)).toEqual(['calls a scrape, at most 0.03 and one post to us']);
  });

  it('find a collector that is told too often', () => {
    const given = limited();
    const collectors = [
      { id: 'collector/x/y', events: 30, busiestMinute: 11, minutes: 3, runs: 2, busiestKinds: { x: 11 } },
    ];
    expect(failedOf({ ...given, histories: { ...given.histories, collectors } })).toEqual([
      'events of a collector in any minute, at most 10',
    ]);
  });

  it('find a purchase in doubt, and let one be that is proven not to be there', () => {
    const open = limited({ books: { batch: [book({ ...LEFT_OPEN, jobs: [] })], strangers: [] } });
    expect(failedOf(open)).toContain('purchases left in doubt');
    const proven = book({
      ...LEFT_OPEN,
      outcome: 'refused',
      possiblySpent: 0,
      jobs: [],
      submissions: LEFT_OPEN.submissions.map((one) => ({ ...one, isAbsent: true as const })),
    });
    const settled = limited({ books: { batch: [proven], strangers: [] } });
    expect(failedOf(settled)).not.toContain('purchases left in doubt');
  });
});

function callsOf(
  counts: Record<string, number>,
  violations: Record<string, number> = {},
): Pick<Evidence, 'calls'> {
  return { calls: { counts, inbound: 0, inboundFailed: 0, violations, peaksPerMinute: {} } };
}
