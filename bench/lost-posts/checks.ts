import type { LedgerTask } from '../../src/simulator/dataforseo/ledger.ts';
import type { World } from '../paid-path/world.ts';
import { sum, type Check } from '../scale/check.ts';
import type { LostPosts } from './run.ts';

/** Judges by the simulator's ledger: what it took, for whom, and what it has given back. */
export function checkLostPosts(world: World, { lives }: LostPosts): Check[] {
  const { dataforseo } = world.simulator.sim;
  const { tasks } = dataforseo.ledger();
  const { limitViolations, peaksPerMinute, calls } = dataforseo.summary();
  const taken = new Map<string, LedgerTask[]>();
  for (const task of tasks) taken.set(task.keyword, [...(taken.get(task.keyword) ?? []), task]);
  const books = lives.map((life) => ({
    id: life.row.scrapeId,
    record: life.next.kind === 'ended' ? life.next.record : undefined,
    tasks: taken.get(life.row.input.prompt) ?? [],
  }));
  const idsOf = (wrong: typeof books): string[] => wrong.map(({ id }) => id);
  const twice = books.filter((book) => book.tasks.length > 1);
  const lost = books.filter(
    (book) =>
      // A page without an overview is an empty answer.
      !(book.record?.outcome === 'done' || book.record?.outcome === 'empty') ||
      book.tasks.length !== 1 ||
      book.tasks[0]?.firstCollectedAt === null,
  );
  const wrongMoney = books.filter(({ record, tasks: own }) => {
    const back = sum(
      own,
      ({ refundedMicros, refundWithheldMicros }) => refundedMicros + refundWithheldMicros,
    );
    return (
      (record?.charge.usdMicros ?? 0) !== sum(own, ({ chargedMicros }) => chargedMicros) ||
      (record?.refundExpected.usdMicros ?? 0) !== back ||
      (record?.possiblySpent.usdMicros ?? 0) !== 0
    );
  });
  const settled = lives.flatMap(({ settledAfterMs }) => settledAfterMs).toSorted((a, b) => a - b);
  const withheld = tasks.filter(({ refundWithheldMicros }) => refundWithheldMicros > 0);
  const searches = peaksPerMinute['id_list'] ?? 0;
  return [
    {
      name: 'scrapes billed more than once',
      figure: `${twice.length} of ${books.length}; ${tasks.length} tasks in the ledger`,
      ok: twice.length === 0 && tasks.length > 0,
      about: idsOf(twice),
    },
    {
      name: 'scrapes that are not billed once, collected and done',
      figure: `${lost.length}; ${sum(lives, ({ absent }) => absent)} purchases were proven not to be made and made again`,
      ok: lost.length === 0,
      about: idsOf(lost),
    },
    {
      name: 'answers that were lost: settled after (from when they could be)',
      figure: `${settled.length}: p50 ${minutes(settled[Math.floor(settled.length / 2)])} min, at most ${minutes(settled.at(-1))} min`,
      ok: settled.length > 0,
      about: [],
    },
    {
      name: 'searches in any minute, at most 10',
      figure: `${searches}, ${calls['id_list'] ?? 0} in all; limits broken: ${sum(Object.values(limitViolations), (n) => n)}`,
      ok: searches > 0 && searches <= 10 && Object.keys(limitViolations).length === 0,
      about: Object.keys(limitViolations),
    },
    {
      name: 'micro-USD of the records = micro-USD of the ledger',
      figure:
        `${sum(books, ({ record }) => record?.charge.usdMicros ?? 0)} = ${sum(tasks, ({ chargedMicros }) => chargedMicros)}; ` +
        `${sum(books, ({ record }) => record?.refundExpected.usdMicros ?? 0)} expected back = ` +
        `${sum(tasks, ({ refundedMicros }) => refundedMicros)} given back + ` +
        `${sum(withheld, ({ refundWithheldMicros }) => refundWithheldMicros)} withheld; ${wrongMoney.length} scrapes differ`,
      ok: wrongMoney.length === 0,
      about: idsOf(wrongMoney),
    },
    {
      name: 'foreign tasks that were fetched',
      figure: String(dataforseo.summary().totals.foreignCollected),
      ok: dataforseo.summary().totals.foreignCollected === 0,
      about: [],
    },
    {
      name: 'refunds that the provider withholds',
      figure: `${withheld.length} tasks`,
      ok: true,
      about: withheld.map(({ id, refundWithheldMicros }) => `${id}: ${refundWithheldMicros} micro-USD`),
    },
  ];
}

function minutes(ms = 0): string {
  return (ms / 60_000).toFixed(1);
}
