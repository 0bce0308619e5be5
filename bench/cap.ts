/**
 * Many single scrapes at once against the cap of an account, on a real Temporal server: exactly as many are bought as it has
 * room for, and of the others nothing is sent. The same with the Temporal database deleted in the middle, and over the UTC
 * midnight. Then what a cap costs a scrape that it does not refuse, against none, in turns. Simulated provider, a file store
 * that syncs, one worker process. Exits with 1 if a bar is missed.
 *
 *   npx tsx bench/cap.ts [--scrapes 1000] [--room 137] [--only at-once,lost,midnight,costs] [--json]
 *
 * `--room` is how many scrapes the cap has room for.
 */
import { parseArgs } from 'node:util';
import { readBook } from '../src/ledger/read-book.ts';
import { committed } from '../src/ledger/ledger.ts';
import { compareCosts, describeCosts } from './cap/costs.ts';
import { idsOf, jobsOf, startAll, untilBought, untilEnded, type Ended } from './cap/scrapes.ts';
import { openCapWorld, type CapWorld, type TemporalServer } from './cap/world.ts';
import { optionsOrUsage } from '../scripts/usage.ts';

const CREDITS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

const { values } = optionsOrUsage(import.meta.url, () =>
  parseArgs({
    options: {
      scrapes: { type: 'string', default: '1000' },
      room: { type: 'string', default: '137' },
      only: { type: 'string', default: 'at-once,lost,midnight,costs' },
      json: { type: 'boolean', default: false },
    },
  }),
);
const scrapes = Number(values.scrapes);
const room = Number(values.room);
const only = values.only.split(',');

interface Finding {
  what: string;
  ended: Ended;
  /** What the log of caps says was spent, by day. */
  credits: Record<string, number>;
  good: boolean;
}

const world = await openCapWorld();
try {
  const findings: Finding[] = [];
  // Every case has a day of its own in the middle of a month, so that none finds another one's money.
  const cases = [
    ['at-once', atOnce],
    ['lost', databaseLost],
    ['midnight', overMidnight],
  ] as const;
  for (const [index, [name, run]] of cases.entries()) {
    if (!only.includes(name)) continue;
    const now = new Date();
    const wished = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 5 + 3 * index, 12);
    world.day.shiftMs = wished - now.getTime();
    findings.push(await run(world));
    console.error(describe(findings.at(-1)));
  }
  world.day.shiftMs = 0;
  const costs = only.includes('costs') ? await compareCosts(world, Math.ceil(scrapes / 5)) : undefined;
  const good = findings.every((finding) => finding.good) && costs?.good !== false;
  if (values.json) console.log(JSON.stringify({ scrapes, room, findings, costs, good }, undefined, 2));
  else console.log([...findings.map(describe), ...(costs ? describeCosts(costs) : [])].join('\n'));
  process.exitCode = good ? 0 : 1;
} finally {
  await world.close();
}

async function atOnce(world: CapWorld): Promise<Finding> {
  const ids = idsOf('at-once', scrapes);
  return withServer(world, async (server) => {
    await startAll(server, ids); // before the first worker, so that all of them are there at once
    const workers = await server.startWorkers({ day: { credits: room * CREDITS } });
    const ended = await untilEnded(world, ids);
    await workers.stop();
    return judge(`${scrapes} at once against a cap for ${room}`, ended, room);
  });
}

async function databaseLost(world: CapWorld): Promise<Finding> {
  const ids = idsOf('lost', scrapes);
  const caps = { day: { credits: room * CREDITS } };
  const first = await world.newServer();
  await startAll(first, ids);
  const firstWorkers = await first.startWorkers(caps);
  await untilBought(world, ids, Math.floor(room / 2));
  await first.lose();
  await firstWorkers.stop();
  const before = jobsOf(world, ids).jobs;
  return withServer(world, async (server) => {
    await startAll(server, ids);
    const workers = await server.startWorkers(caps);
    const ended = await untilEnded(world, ids);
    await workers.stop();
    return judge(`the same, its Temporal database deleted when ${before} were bought`, ended, room);
  });
}

async function overMidnight(world: CapWorld): Promise<Finding> {
  const ids = idsOf('midnight', scrapes);
  return withServer(world, async (server) => {
    await startAll(server, ids);
    const workers = await server.startWorkers({ day: { credits: room * CREDITS } });
    await untilBought(world, ids, Math.floor(room / 2));
    world.day.shiftMs += DAY_MS;
    const ended = await untilEnded(world, ids);
    await workers.stop();
    const finding = await judge('the same, midnight in the middle', ended);
    const perDay = Object.values(finding.credits);
    const summed = perDay.reduce((sum, credits) => sum + credits, 0);
    const holds = perDay.every((credits) => credits <= room * CREDITS);
    return { ...finding, good: finding.good && holds && summed === ended.jobs * CREDITS };
  });
}

async function withServer(
  world: CapWorld,
  run: (server: TemporalServer) => Promise<Finding>,
): Promise<Finding> {
  const server = await world.newServer();
  try {
    return await run(server);
  } finally {
    await server.lose();
  }
}

/** `bought`: how many must be; undefined where the case says itself. */
async function judge(what: string, ended: Ended, bought?: number): Promise<Finding> {
  const { done = 0, refused = 0 } = ended.outcomes;
  const once = ended.jobs === ended.questions && ended.jobs === done && done + refused === scrapes;
  const credits = await creditsByDay();
  return { what, ended, credits, good: once && (bought === undefined || ended.jobs === bought) };
}

async function creditsByDay(): Promise<Record<string, number>> {
  const now = new Date(Date.now() + world.day.shiftMs);
  const where = { provider: 'scrapellm', account: 'simulator', month: now.toISOString().slice(0, 7) };
  const { totals } = await readBook(world.store.caps, where);
  const recent = Object.entries(totals.days).filter(
    ([day]) => Math.abs(Date.parse(day) - now.getTime()) < 2 * DAY_MS,
  );
  return Object.fromEntries(recent.map(([day, sums]) => [day, committed(sums).credits ?? 0]));
}

function describe(finding: Finding | undefined): string {
  if (!finding) return '';
  const { what, ended, credits, good } = finding;
  const outcomes = Object.entries(ended.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const days = Object.entries(credits).map(([day, sum]) => `${sum} credits on ${day}`);
  return `${good ? 'good' : 'BAD'}: ${what}: ${ended.jobs} jobs at the provider; ${outcomes.join(', ')}; ${days.join(', ')}`;
}
