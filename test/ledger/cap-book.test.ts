import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountCaps, CapLine, CapUse, SettledUse } from '../../src/contracts/caps.ts';
import { addCharges } from '../../src/contracts/money.ts';
import { EMPTY_BOOK, planLine, readLine } from '../../src/ledger/cap-book.ts';
import type { CapBook } from '../../src/ledger/cap-book.ts';
import { committed } from '../../src/ledger/ledger.ts';
import { readBook } from '../../src/ledger/read-book.ts';
import type { CapLog } from '../../src/store/store.ts';

const use = (scrapeId: string, credits: number, attempt = 1): CapUse => ({
  scrapeId,
  n: 1,
  try: attempt,
  ref: { scrapeId, scraper: 'scrapellm/grok', market: 'US/en', account: 'default' },
  fingerprint: 'f',
  bound: { credits },
});
const WHERE = { provider: 'scrapellm', account: 'default', month: '2026-11' };
const time = (day: string) => ({ day, at: `${day}T12:00:00.000Z`, nonce: 'n' });

/** One process writes a line: some purchases, and what became of some that it knows as open. */
const steps = fc.array(
  fc.record({
    day: fc.constantFrom('2026-11-23', '2026-11-24'),
    wants: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }),
    ends: fc.array(fc.record({ which: fc.nat(9), part: fc.integer({ min: 0, max: 10 }) }), { maxLength: 3 }),
  }),
  { maxLength: 30 },
);
const caps: fc.Arbitrary<AccountCaps> = fc.record({
  day: fc.option(fc.record({ credits: fc.integer({ min: 0, max: 60 }) }), { nil: undefined }),
  month: fc.option(fc.record({ credits: fc.integer({ min: 0, max: 90 }) }), { nil: undefined }),
});

function settledOf(book: CapBook, ends: ReadonlyArray<{ which: number; part: number }>): SettledUse[] {
  const open = [...book.open.values()];
  return ends.flatMap(({ which, part }) => {
    const [one] = open.splice(which % Math.max(1, open.length), 1);
    if (!one) return [];
    const credits = Math.floor(((one.use.bound.credits ?? 0) * part) / 10);
    return [
      { line: one.line, index: one.index, charge: { credits }, ...(part === 10 && { doubtful: true }) },
    ];
  });
}

describe('the log of a cap', () => {
  it('never passes the cap of a day or of the month, and its totals are the sum of its lines', async () => {
    await fc.assert(
      fc.asyncProperty(caps, steps, async (limits, all) => {
        const lines: CapLine[] = [];
        let book = EMPTY_BOOK;
        for (const [at, { day, wants, ends }] of all.entries()) {
          const wanted = wants.map((credits, index) => use(`scrape/${at}/${index}`, credits));
          const settled = settledOf(book, ends);
          const { line } = planLine(book, limits, { wanted, settled, time: time(day) });
          if (line.uses.length === 0) continue;
          lines.push(line);
          book = readLine(book, line);
          expect(line.totals).toEqual(sumsOf(lines));
          const { month, days } = line.totals;
          expect(committed(month).credits ?? 0).toBeLessThanOrEqual(limits.month?.credits ?? Infinity);
          for (const sums of Object.values(days)) {
            expect(committed(sums).credits ?? 0).toBeLessThanOrEqual(limits.day?.credits ?? Infinity);
          }
        }
        const again = await readBook(logOf(lines), WHERE);
        expect(again).toEqual(book);
      }),
      { numRuns: 300 },
    );
  });

  it('is read by a few looks, however long it is', async () => {
    let book = EMPTY_BOOK;
    const lines: CapLine[] = [];
    for (let n = 1; n <= 1_000; n++) {
      const settled = [...book.open.values()].map(({ line, index }) => ({
        line,
        index,
        charge: { credits: 1 },
      }));
      const { line } = planLine(
        book,
        {},
        { wanted: [use(`scrape/${n}`, 3)], settled, time: time('2026-11-23') },
      );
      lines.push(line);
      book = readLine(book, line);
    }
    const log = logOf(lines);
    expect(await readBook(log, WHERE)).toEqual(book);
    expect(log.looks()).toBeLessThan(30);
  });

  it('does not reserve a try twice on one day, and does on the next', () => {
    const first = planLine(EMPTY_BOOK, {}, { wanted: [use('a', 3)], settled: [], time: time('2026-11-23') });
    const book = readLine(EMPTY_BOOK, first.line);
    const again = planLine(
      book,
      {},
      { wanted: [use('a', 3), use('a', 3, 2)], settled: [], time: time('2026-11-23') },
    );
    expect(again.answers).toEqual([
      { kind: 'granted', line: 1, index: 0 },
      { kind: 'granted', line: 2, index: 0 },
    ]);
    const next = planLine(book, {}, { wanted: [use('a', 3)], settled: [], time: time('2026-11-24') });
    expect(next.answers).toEqual([{ kind: 'granted', line: 2, index: 0 }]);
  });
});

describe('what is reserved for a try', () => {
  /** Asks for few scrapes again and again, at another price each time. */
  const asks = fc.array(
    fc.array(fc.record({ which: fc.nat(2), credits: fc.integer({ min: 1, max: 9 }) }), { maxLength: 4 }),
    { maxLength: 20 },
  );

  it('is at least what is asked for it, whatever was reserved for it before, and under the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), asks, (credits, all) => {
        let book = EMPTY_BOOK;
        for (const ask of all) {
          const wanted = ask.map((one) => use(`scrape/${one.which}`, one.credits));
          const limits = { day: { credits } };
          const { line, answers } = planLine(book, limits, { wanted, settled: [], time: time('2026-11-23') });
          if (line.uses.length > 0) book = readLine(book, line);
          for (const [at, answer] of answers.entries()) {
            if (answer.kind === 'short') continue;
            const reserved = book.open.get(`${answer.line}/${answer.index}`)?.use;
            expect(reserved?.scrapeId).toBe(wanted[at]?.scrapeId);
            expect(reserved?.bound.credits).toBeGreaterThanOrEqual(wanted[at]?.bound.credits ?? Infinity);
          }
          expect(committed(book.totals.month).credits ?? 0).toBeLessThanOrEqual(credits);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The totals written out anew, from the first line. */
function sumsOf(lines: readonly CapLine[]): CapLine['totals'] {
  const none = { reserved: {}, charged: {}, possiblySpent: {}, refundExpected: {} };
  const ended = lines.flatMap(({ settled }) => settled);
  const sums = (day?: string): CapLine['totals']['month'] => {
    let total: CapLine['totals']['month'] = none;
    for (const line of lines) {
      if (day !== undefined && line.day !== day) continue;
      for (const [index, { bound }] of line.uses.entries()) {
        const end = ended.find((one) => one.line === line.n && one.index === index);
        const place = end ? (end.doubtful ? 'possiblySpent' : 'charged') : 'reserved';
        const amount = end && !end.doubtful ? end.charge : bound;
        total = { ...total, [place]: addCharges(total[place], amount) };
      }
    }
    return total;
  };
  return {
    month: sums(),
    days: Object.fromEntries([...new Set(lines.map(({ day }) => day))].map((day) => [day, sums(day)])),
  };
}

function logOf(lines: readonly CapLine[]): CapLog & { looks(): number } {
  let looks = 0;
  return {
    looks: () => looks,
    read: async (_, n) => ((looks += 1), lines[n - 1]),
    append: async (_, line) => line,
  };
}
