import type { BatchRecord } from '../../src/contracts/batch.ts';
import type { Book, Books } from './books.ts';
import type { ScaleProvider } from './provider.ts';
import { allOf, idsOf, sum, type Check } from './check.ts';

/** Money of one scrape: what the provider took, by whether we have its receipt, and what our record says. */
interface Account {
  known: number;
  blind: number;
  refunded: number;
  charge: number;
  possiblySpent: number;
  refundExpected: number;
}

/**
 * Everything that the simulator took is in a record, and no record names more. What it has not given back although it is
 * due counts as expected back.
 */
export function checkMoney(
  books: Books,
  batch: BatchRecord | undefined,
  { unit, amountOf }: ScaleProvider,
): Check[] {
  const wrong = allOf(books).filter((book) => {
    const { known, blind, refunded, charge, possiblySpent, refundExpected } = accountOf(book, amountOf);
    return charge !== known || blind > possiblySpent || refundExpected !== refunded;
  });
  const all = allOf(books).map((book) => accountOf(book, amountOf));
  const total = (of: keyof Account) => sum(all, (account) => account[of]);
  const ofBatch = books.batch.map((book) => accountOf(book, amountOf));
  const agrees =
    amountOf(batch?.charge) === sum(ofBatch, ({ charge }) => charge) &&
    amountOf(batch?.possiblySpent) === sum(ofBatch, ({ possiblySpent }) => possiblySpent);
  return [
    {
      name: `${unit} of the records = ${unit} of the ledger`,
      figure:
        `${total('charge')} = ${total('known')}, ${total('refundExpected')} = ${total('refunded')} of them given back; ` +
        `possibly spent ${total('possiblySpent')}, of which taken ${total('blind')}; ${wrong.length} scrapes differ`,
      ok: wrong.length === 0,
      about: idsOf(wrong),
    },
    {
      name: "the batch's record is the sum of its scrapes'",
      figure: `${amountOf(batch?.charge)} ${unit}, ${amountOf(batch?.possiblySpent)} possibly spent`,
      ok: batch !== undefined && agrees,
      about: [],
    },
  ];
}

function accountOf({ submissions, jobs, record }: Book, amountOf: ScaleProvider['amountOf']): Account {
  const receipts = new Set(submissions.flatMap(({ receipt }) => receipt?.taskId ?? []));
  const known = jobs.filter(({ jobId }) => receipts.has(jobId));
  return {
    known: sum(known, ({ charged }) => charged),
    blind: sum(jobs, ({ charged }) => charged) - sum(known, ({ charged }) => charged),
    refunded: sum(known, ({ refunded, withheld = 0 }) => refunded + withheld),
    charge: amountOf(record?.charge),
    possiblySpent: amountOf(record?.possiblySpent),
    refundExpected: amountOf(record?.refundExpected),
  };
}
