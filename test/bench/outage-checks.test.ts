import { expect, it } from 'vitest';
import { checkOutage } from '../../bench/outage/checks.ts';
import { KINDS, wantedOf, type Wanted } from '../../bench/outage/questions.ts';
import type { Book } from '../../bench/scale/books.ts';
import type { Job } from '../../bench/scale/provider.ts';
import type { Charge } from '../../src/contracts/money.ts';
import { emptyCounts } from '../../src/contracts/outcomes.ts';

const WANTED = wantedOf(KINDS.length, 'batch/scale').filter(({ kind }) => !kind.others);

/** A scrape that was fetched if the provider still had it after the outage, else one that expired. */
function bookOf({ scrapeId, engine, prompt, kind, provider }: Wanted, hours: number): Book {
  const isKept = kind.keptHours > hours;
  const job: Job = {
    jobId: `job of ${scrapeId}`,
    scraper: engine,
    prompt,
    createdAt: '2026-01-02T03:00:00Z',
    outcome: 'done',
    collected: isKept ? 1 : 0,
    firstReadyAt: '2026-01-02T04:00:00Z',
    charged: provider === 'scrapellm' ? 3 : 1_200,
    refunded: 0,
  };
  return {
    scrapeId,
    engine,
    prompt,
    submissions: [
      {
        scrapeId,
        n: 1,
        intentsAtMs: [],
        isUnanswered: false,
        receipt: { taskId: job.jobId, credits: 0 },
      },
    ],
    record: {
      scrapeId,
      scraper: kind.scraper,
      market: 'US/en',
      account: 'default',
      outcome: isKept ? 'done' : 'expired',
      submissions: 1,
      charge: provider === 'scrapellm' ? { credits: 3 } : { usdMicros: 1_200 },
      possiblySpent: {},
      refundExpected: {},
      simulated: true,
      ...(!isKept && { failure: { type: 'TaskExpired' as const, message: 'lost' } }),
    },
    ...(isKept && { storedJobId: job.jobId }),
    jobs: [job],
  };
}

/** Names of the checks that fail after a run of `hours` in which `change` was done to the first scrape. */
async function failing(hours: number, change: (book: Book) => Partial<Book> = () => ({})): Promise<string[]> {
  const sound = WANTED.map((want) => bookOf(want, hours));
  const books = sound.map((book, index) => (index === 0 ? { ...book, ...change(book) } : book));
  const counts = emptyCounts();
  const charge: Required<Charge> = { credits: 0, usdMicros: 0 };
  for (const { record } of books) {
    counts[record?.outcome ?? 'open'] += 1;
    charge.credits += record?.charge.credits ?? 0;
    charge.usdMicros += record?.charge.usdMicros ?? 0;
  }
  const checks = await checkOutage({
    wanted: WANTED,
    hours,
    books: { batch: books, strangers: [] },
    limitViolations: {},
    storeFolder: '/nowhere',
    outage: {
      seconds: { bought: 1, down: 1, ended: 1 },
      calls: { before: {}, after: {} },
      selfEnded: [],
      jobsAtKill: sound.flatMap(({ jobs }) =>
        jobs.map((job) => ({ ...job, outcome: 'pending' as const, collected: 0 })),
      ),
      batch: {
        batchId: 'batch/scale',
        total: WANTED.length,
        counts,
        charge,
        possiblySpent: {},
        refundExpected: {},
        startedAt: '2026-01-02T03:00:00Z',
        endedAt: '2026-01-06T03:00:00Z',
        simulated: true,
      },
    },
  });
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

const KEPT = 'kept by the provider still: not collected, or not in the store by its hash';
const GONE = 'forgotten by the provider: not expired at exactly what the ledger took';

it('is content with an outage after which what is kept is collected and the rest expired', async () => {
  expect(await failing(20)).toEqual([]);
  expect(await failing(96)).toEqual([]);
  expect(await failing(31 * 24)).toEqual([]);
});

it('names what the provider still had and nobody collected', async () => {
  expect(await failing(20, (book) => ({ jobs: book.jobs.map((job) => ({ ...job, collected: 0 })) }))).toEqual(
    [KEPT],
  );
  expect(await failing(20, () => ({ storedJobId: 'another' }))).toEqual([KEPT]);
  expect(
    await failing(20, ({ record }) => ({ record: record && { ...record, outcome: 'expired' } })),
  ).toEqual([KEPT]);
});

it('names what expired at another price than the ledger took', async () => {
  expect(
    await failing(96, ({ record }) => ({ record: record && { ...record, charge: { credits: 2 } } })),
  ).toContain(GONE);
  expect(await failing(96, ({ record }) => ({ record: record && { ...record, outcome: 'failed' } }))).toEqual(
    [GONE],
  );
});

it('names what was bought again after the outage', async () => {
  expect(await failing(20, ({ jobs }) => ({ jobs: [...jobs, ...jobs] }))).toEqual(
    expect.arrayContaining([
      'paid and pending when all was killed, and none bought afterwards',
      'bought twice',
    ]),
  );
});
