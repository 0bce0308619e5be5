import type { BatchRecord } from '../../src/contracts/batch.ts';
import type { Book, Books } from './books.ts';
import { allOf, idsOf, sum, type Check } from './check.ts';

/** Credits of one scrape: what the provider took, by whether we have its receipt, and what our record says. */
interface Account {
  known: number;
  blind: number;
  refunded: number;
  charge: number;
  possiblySpent: number;
  refundExpected: number;
}

/** Every credit that the simulator took is in a record, and no record names more. */
export function checkMoney(books: Books, batch: BatchRecord | undefined): Check[] {
  const wrong = allOf(books).filter((book) => {
    const { known, blind, refunded, charge, possiblySpent, refundExpected } = accountOf(book);
    return charge !== known || blind > possiblySpent || refundExpected !== refunded;
  });
  const all = allOf(books).map(accountOf);
  const total = (of: keyof Account) => sum(all, (account) => account[of]);
  const ofBatch = books.batch.map(accountOf);
  const agrees =
    (batch?.charge.credits ?? 0) === sum(ofBatch, ({ charge }) => charge) &&
    (batch?.possiblySpent.credits ?? 0) === sum(ofBatch, ({ possiblySpent }) => possiblySpent);
  return [
    {
      name: 'credits of the records = credits of the ledger',
      figure:
        `${total('charge')} = ${total('known')}, ${total('refundExpected')} = ${total('refunded')} of them given back; ` +
        `possibly spent ${total('possiblySpent')}, of which taken ${total('blind')}; ${wrong.length} scrapes differ`,
      ok: wrong.length === 0,
      about: idsOf(wrong),
    },
    {
      name: "the batch's record is the sum of its scrapes'",
      figure: `${batch?.charge.credits ?? 0} credits, ${batch?.possiblySpent.credits ?? 0} possibly spent`,
      ok: batch !== undefined && agrees,
      about: [],
    },
  ];
}

function accountOf({ submissions, jobs, record }: Book): Account {
  const receipts = new Set(submissions.flatMap(({ receipt }) => receipt?.taskId ?? []));
  const known = jobs.filter(({ jobId }) => receipts.has(jobId));
  return {
    known: sum(known, ({ charged }) => charged),
    blind: sum(jobs, ({ charged }) => charged) - sum(known, ({ charged }) => charged),
    refunded: sum(known, ({ refunded }) => refunded),
    charge: record?.charge.credits ?? 0,
    possiblySpent: record?.possiblySpent.credits ?? 0,
    refundExpected: record?.refundExpected.credits ?? 0,
  };
}
