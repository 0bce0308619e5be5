import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { StoredVariant } from '../../src/contracts/scrape.ts';
import { PROVIDERS } from '../../src/contracts/scrapers.ts';
import type { Book, Books } from '../scale/books.ts';
import { idsOf, sum, type Check } from '../scale/check.ts';
import { ENDINGS, checkBoughtTwice } from '../scale/checks.ts';
import { checkMoney } from '../scale/money-checks.ts';
import { SCALE_PROVIDERS } from '../scale/provider.ts';
import type { Wanted } from './questions.ts';
import type { Outage } from './run.ts';

interface OutageEvidence {
  wanted: readonly Wanted[];
  hours: number;
  outage: Outage;
  /** In the order of `wanted`. */
  books: Books;
  /** DataForSEO's, as the simulator counted. */
  limitViolations: Record<string, number>;
  storeFolder: string;
}

/** A scrape with what it was and what is known of it. */
interface Case {
  book: Book;
  want: Wanted;
}

/**
 * Judges by the simulator's ledger, the journal and stored answers as files, and records. What may be expired is decided by
 * the vendors' words for how long they keep things and the hours that went by, and by nothing of the product's.
 */
export async function checkOutage(evidence: OutageEvidence): Promise<Check[]> {
  const { wanted, hours, outage, books, limitViolations, storeFolder } = evidence;
  const cases = wanted.flatMap((want, index): Case[] => {
    const book = books.batch[index];
    return book ? [{ book, want }] : [];
  });
  const past = cases.filter(({ want }) => want.kind.keptHours <= hours);
  const within = cases.filter(({ want }) => want.kind.keptHours > hours);
  return [
    checkPaidAndOpen(evidence),
    checkOutcomes(evidence),
    checkBoughtTwice(books),
    checkCollected(within),
    await checkOtherForms(within, hours, storeFolder),
    checkExpired(past),
    ...PROVIDERS.flatMap((name) => {
      const batch = cases.filter(({ want }) => want.provider === name).map(({ book }) => book);
      return checkMoney({ batch, strangers: [] }, outage.batch, SCALE_PROVIDERS[name]);
    }),
    {
      name: 'limits broken, as DataForSEO counts',
      figure: String(sum(Object.values(limitViolations), (count) => count)),
      ok: Object.keys(limitViolations).length === 0,
      about: Object.keys(limitViolations),
    },
    {
      name: 'workers that ended by themselves',
      figure: `${outage.selfEnded.length}${outage.gaveUp === undefined ? '' : `; ${outage.gaveUp}`}`,
      ok: outage.selfEnded.length === 0 && outage.gaveUp === undefined,
      about: outage.selfEnded,
    },
  ];
}

function checkPaidAndOpen({ wanted, outage, books }: OutageEvidence): Check {
  const { jobsAtKill } = outage;
  const pending = jobsAtKill.filter(({ outcome, collected }) => outcome === 'pending' && collected === 0);
  const jobs = books.strangers.length + sum(books.batch, (book) => book.jobs.length);
  return {
    name: 'paid and pending when all was killed, and none bought afterwards',
    figure: `${pending.length} of ${wanted.length} scrapes, ${jobsAtKill.length} jobs; ${jobs} in the end`,
    ok: [pending.length, jobsAtKill.length, jobs].every((count) => count === wanted.length),
    about: [],
  };
}

function checkOutcomes({ wanted, outage, books }: OutageEvidence): Check {
  const counts = outage.batch?.counts;
  const differing = ENDINGS.filter(
    (ending) => books.batch.filter(({ record }) => record?.outcome === ending).length !== counts?.[ending],
  );
  const ended = sum(ENDINGS, (ending) => counts?.[ending] ?? 0);
  return {
    name: 'outcomes add up, and records say the same',
    figure: `${ended} of ${wanted.length}, ${counts?.open ?? '?'} open${differing.length > 0 ? `; records differ in ${differing.join(', ')}` : ''}`,
    ok: ended === wanted.length && counts?.open === 0 && differing.length === 0,
    about: idsOf(books.batch.filter(({ record }) => !record)),
  };
}

/** A page without an AI overview is an empty answer, and collected like any other. */
function checkCollected(within: readonly Case[]): Check {
  const left = within.filter(({ book: { record, jobs, storedJobId } }) => {
    const [job] = jobs;
    const isSuccess = record?.outcome === 'done' || record?.outcome === 'empty';
    return !isSuccess || !job || job.collected === 0 || storedJobId !== job.jobId;
  });
  return {
    name: 'kept by the provider still: not collected, or not in the store by its hash',
    figure: `${left.length} of ${within.length}`,
    ok: left.length === 0,
    about: idsOf(left.map(({ book }) => book)),
  };
}

/** A further form may be past its time while the first one is not. */
async function checkOtherForms(within: readonly Case[], hours: number, storeFolder: string): Promise<Check> {
  const wrong: Book[] = [];
  let [kept, gone] = [0, 0];
  for (const { book, want } of within) {
    const stored = book.record?.result?.variants ?? [];
    const others = want.kind.others ?? [];
    const due = others.filter(({ keptHours }) => keptHours > hours);
    kept += due.length;
    gone += others.length - due.length;
    const names = stored.map(({ variant }) => variant).join();
    const whole = await Promise.all(stored.map((one) => isWhole(storeFolder, one)));
    if (names !== due.map(({ variant }) => variant).join() || whole.includes(false)) wrong.push(book);
  }
  return {
    name: 'further forms that were to be had: not in the store by their hashes',
    figure: `${wrong.length} of ${kept}; ${gone} were past their time`,
    ok: wrong.length === 0,
    about: idsOf(wrong),
  };
}

async function isWhole(storeFolder: string, { path, bytes, sha256 }: StoredVariant): Promise<boolean> {
  const stored = await readFile(join(storeFolder, path)).catch(() => undefined);
  const body = stored && (await promisify(gunzip)(stored).catch(() => undefined));
  return body?.length === bytes && createHash('sha256').update(body).digest('hex') === sha256;
}

/** Their money is gone, to the last credit and micro-dollar of the ledger, and the record says it. */
function checkExpired(past: readonly Case[]): Check {
  const wrong = past.filter(({ book: { record, jobs }, want }) => {
    const { amountOf } = SCALE_PROVIDERS[want.provider];
    const taken = sum(jobs, ({ charged }) => charged);
    return (
      record?.outcome !== 'expired' ||
      record.failure?.type !== 'TaskExpired' ||
      record.result !== undefined ||
      jobs.some(({ collected }) => collected > 0) ||
      taken === 0 ||
      amountOf(record.charge) !== taken ||
      amountOf(record.refundExpected) !== 0
    );
  });
  const lost = PROVIDERS.map((name) => {
    const own = past.filter(({ want }) => want.provider === name);
    const { unit } = SCALE_PROVIDERS[name];
    return `${sum(own, ({ book }) => sum(book.jobs, ({ charged }) => charged))} ${unit}`;
  });
  return {
    name: 'forgotten by the provider: not expired at exactly what the ledger took',
    figure: `${wrong.length} of ${past.length}; ${lost.join(' and ')} lost`,
    ok: wrong.length === 0,
    about: idsOf(wrong.map(({ book }) => book)),
  };
}
