import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyCounts } from '../../src/contracts/outcomes.ts';
import { scrapersOf } from '../../src/contracts/scrapers.ts';
import type { Violation } from '../../src/simulator/events.ts';
import type { Ledger } from '../../src/simulator/ledger.ts';
import { randomStream } from '../../src/simulator/random.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { until } from '../support/scrapes.ts';
import { creditsOf, openIntents, problemsOf, readBooks } from './books.ts';
import type { Book } from './books.ts';
import { createWorld, startBatch } from './world.ts';
import type { ChaosWorld } from './world.ts';

/** Another one: `GLEANER_CHAOS_SEED=7 npx vitest run --project server test/chaos/random-kills`. */
const SEED = process.env['GLEANER_CHAOS_SEED'] ?? '1';
const KILLS = 10;
const PROMPTS = Array.from({ length: 20 }, (_, i) => `Which desk lamp is best for room number ${i + 1}?`);
const BATCH = 'batch/chaos';

let world: ChaosWorld;
let space: TestNamespace;
beforeAll(async () => {
  world = await createWorld({
    seed: SEED,
    speed: 6,
    // Slow enough that buying is still going on when the last workers die.
    submitsPerSecond: 4,
    knobs: {
      attemptFailureRate: 0.3, // about 1 job in 37 fails for good and is bought again
      submitFaults: { slow: 0.6 },
      slowSubmitMs: 700,
      pollFaults: { slow: 0.3 },
      slowPollMs: 300,
    },
  });
  space = await world.newDatabase();
});
afterAll(() => world.close());

/** What a kill left behind. */
interface Kill {
  line: string;
  atMs: number;
  open: string[];
  /** Answers that the provider gave and no verdict tells of: the next worker has to ask for them again. */
  untold: string[];
}

it(
  'ten kills -9 of the worker of 140 scrapes: nothing bought twice, everything paid collected, every doubt named',
  { timeout: 400_000 },
  async () => {
    const random = randomStream(SEED, 'kills');
    const begunAt = performance.now();
    let worker = await world.startWorker(space);
    const handle = await startBatch(space, {
      name: 'chaos',
      prompts: PROMPTS,
      scrapers: scrapersOf('scrapellm'),
    });
    const kills: Kill[] = [];
    for (let k = 0; k < KILLS; k++) {
      // By progress instead of by time, so that a slow machine is hit at the same places.
      const mark = Math.round(8 + 22 * k + random.between(0, 22));
      await until(async () => (await progress()) >= mark, `jobs and answers are ${mark}`);
      await pause(random.between(0, 500));
      await worker.kill();
      const known = new Set(kills.flatMap(({ open }) => open));
      kills.push(await lookAround(k + 1, performance.now() - begunAt, known));
      worker = await world.startWorker(space);
    }
    const batch = await handle.result();

    const story = kills.map(({ line }) => line).join('\n');
    console.log(story);
    const books = await readBooks(world, BATCH);
    const ledger = await world.control.ledger();
    const doubted = kills.flatMap(({ open }) => open).sort();
    // The story is on both sides, so that a failure shows it.
    expect({
      problems: problemsOf(books),
      unknown: idsOf(books, 'unknown'),
      unexplained: unexplained(ledger, kills),
      story,
    }).toEqual({ problems: [], unknown: doubted, unexplained: [], story });
    const failed = idsOf(books, 'failed').length;
    const counts = { ...emptyCounts(), done: 140 - doubted.length - failed, failed, unknown: doubted.length };
    expect(batch.counts).toEqual(counts);
    expect(idsOf(books, 'done')).toHaveLength(counts.done);
    const credits = creditsOf(books);
    expect(credits.charge + credits.possiblySpent).toBeGreaterThanOrEqual(credits.ledger);
    expect(batch.charge.credits ?? 0).toBe(credits.charge);
    expect(batch.possiblySpent.credits ?? 0).toBe(credits.possiblySpent);
    for (const { record } of books) if (record?.result) await world.store.results.readRaw(record.result);

    const failures = books.filter(({ jobs }) => jobs.length > 1).length;
    console.log(
      `seed ${SEED}: ${JSON.stringify(batch.counts)}, ${JSON.stringify(credits)}, ` +
        `${failures} bought again after a failure, ${ledger.violations.length} answers asked for twice`,
    );
  },
);

/** Jobs made plus answers given: runs from 0 to at most 280. */
async function progress(): Promise<number> {
  const { totals } = await world.control.state();
  return totals.jobs + totals.collected;
}

/** Reads what is open at this instant; `known`: intents that an earlier kill left open. */
async function lookAround(nth: number, afterMs: number, known: Set<string>): Promise<Kill> {
  const atMs = Date.now();
  const books = await readBooks(world, BATCH);
  const open = openIntents(books).filter((id) => !known.has(id));
  const bought = books.filter(({ submissions }) => submissions.at(-1)?.receipt);
  const told = bought.filter(({ submissions }) => submissions.at(-1)?.verdict);
  const verdicts = new Set(
    books.flatMap(({ submissions }) =>
      submissions.flatMap(({ receipt, verdict }) => (verdict && receipt ? receipt.taskId : [])),
    ),
  );
  const untold = books.flatMap(({ jobs }) =>
    jobs.filter((job) => job.firstDeliveredAt && !verdicts.has(job.jobId)).map((job) => job.jobId),
  );
  const line =
    `seed ${SEED}, kill ${nth} after ${(afterMs / 1000).toFixed(1)} s: ${open.length} new intents without answer, ` +
    `${bought.length - told.length} bought and open, ${told.length} done, ${untold.length} answers lost` +
    (open.length > 0 ? ` [${open.map((id) => id.replace(`${BATCH}/`, '')).join(', ')}]` : '');
  return { line, atMs, open, untold };
}

/**
 * A kill between an answer and its verdict makes the next worker ask once more; nothing else may. Between any two answers
 * of one job there must be a kill that found the first one without a verdict.
 */
function unexplained({ violations, jobs }: Ledger, kills: readonly Kill[]): Violation[] {
  const lastAnswer = new Map(jobs.map((job) => [job.jobId, Date.parse(job.firstDeliveredAt ?? '')]));
  return violations.filter(({ rule, jobId, atMs }) => {
    const sinceMs = lastAnswer.get(jobId) ?? atMs;
    lastAnswer.set(jobId, atMs);
    const kill = kills.find((kill) => sinceMs <= kill.atMs && kill.atMs <= atMs);
    return rule !== 'poll after a terminal state' || !kill?.untold.includes(jobId);
  });
}

function idsOf(books: readonly Book[], outcome: string): string[] {
  return books
    .filter(({ record }) => record?.outcome === outcome)
    .map(({ scrapeId }) => scrapeId)
    .sort();
}

/** Without it every kill would come right after a job was made or an answer given. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
