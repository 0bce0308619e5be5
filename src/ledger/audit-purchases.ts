import type { Submission } from '../contracts/journal.ts';
import { addCharges, CURRENCIES, formatCharge, isFree, withoutCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { AccountFacts, AuditFacts, PurchaseList, PurchaseRow, ScrapeFacts } from './audit-facts.ts';
import type { AuditFinding } from './audit-finding.ts';

const ADOPT = 'take it over and collect it: gleaner audit --adopt';
const ASK = 'ask the provider';

/** A purchase may come to the list this much later than it was made, and clocks differ. */
const LAG_MS = 30 * 60_000;

/** Compares an account's list of purchases with the journal, in both directions. */
export function auditPurchases(facts: AuditFacts, account: AccountFacts): AuditFinding[] {
  const rows = account.lists.flatMap((list) => list.rows);
  const byTask = new Map(rows.map((row) => [row.taskId, row]));
  const scrapes = new Map(facts.scrapes.map((scrape) => [scrape.scrapeId, scrape]));
  return [
    ...notChecked(account),
    ...[...byTag(byTask.values())].flatMap(([tag, purchases]) => ofMark(facts, scrapes, tag, purchases)),
    ...facts.scrapes.flatMap((scrape) =>
      scrape.submissions
        .filter(({ intent }) => isOn(account, intent))
        .flatMap((submission) => ofReceipt(facts, account, scrape, submission, byTask)),
    ),
  ];
}

/** Whether a submission was made on this account, as its journal says. */
export function isOn(account: AccountFacts, intent: Submission['intent']): boolean {
  return (
    splitScraper(intent.request.scraper).provider === account.provider &&
    intent.account === account.account &&
    intent.endpoint === account.endpoint
  );
}

function notChecked({ provider, account, trouble, lists }: AccountFacts): AuditFinding[] {
  const say = (why: string): AuditFinding => ({
    code: 'not-checked',
    charge: {},
    message: `${provider}/${account}: ${why}, so that purchases without a journal cannot be excluded`,
    next: 'run the audit again when that has passed',
  });
  if (trouble !== undefined) return [say(`could not be asked what was bought (${trouble})`)];
  return lists
    .filter(({ complete }) => !complete)
    .map(({ family }) => say(`did not show its list of purchases of ${family} in whole`));
}

/** Each task once, however many windows show it. */
function byTag(rows: Iterable<PurchaseRow>): Map<string, PurchaseRow[]> {
  const tags = new Map<string, PurchaseRow[]>();
  for (const row of rows) {
    if (!row.own || row.tag === undefined) continue;
    tags.set(row.tag, [...(tags.get(row.tag) ?? []), row]);
  }
  return tags;
}

/** What the provider made under one of our marks, against what the journal has of it. */
function ofMark(
  facts: AuditFacts,
  scrapes: ReadonlyMap<string, ScrapeFacts>,
  tag: string,
  purchases: readonly PurchaseRow[],
): AuditFinding[] {
  const known = facts.ofTag.get(tag);
  if (!known) return purchases.map((row) => orphan(row, tag, facts.wouldBe.get(tag)));
  const scrape = scrapes.get(known.scrapeId);
  const submission = scrape?.submissions.find(({ n }) => n === known.n);
  if (!scrape || !submission) return []; // of another batch, or older than what was asked for
  const noted = new Set(submission.duplicates?.map(({ taskId }) => taskId));
  const { receipt } = submission;
  if (!receipt) {
    const lost = purchases.filter(({ taskId }) => !noted.has(taskId));
    return lost.length === 0 ? [] : lostPurchase(facts, scrape, submission, lost);
  }
  return purchases
    .filter(({ taskId }) => taskId !== receipt.taskId && !noted.has(taskId))
    .map(({ taskId, charge }): AuditFinding => {
      const { scrapeId, n } = submission;
      const message = `${scrapeId}: submission ${n} was bought twice: the provider shows another task under its mark, for ${formatCharge(charge)}, that no journal entry tells of`;
      const next =
        'find out who posted it; gleaner audit --adopt writes it down: it counts in the scrape’s record and under ceilings from then on, but not in an account’s cap that is settled already';
      return { code: 'duplicate', scrapeId, n, taskId, charge, message, next };
    });
}

function orphan({ taskId, charge, postedAt }: PurchaseRow, tag: string, scrapeId?: string): AuditFinding {
  const whose = scrapeId === undefined ? '' : `${scrapeId}: `;
  const message = `${whose}the provider shows a task of ${postedAt} with our mark ${tag}, for ${formatCharge(charge)}, and the journal has no such submission`;
  const next =
    scrapeId === undefined
      ? 'restore the journal from a backup if it was lost; else somebody posted with marks of this store'
      : 'restore its folder below journal/ from a backup: without it the scrape would be bought again';
  return { code: 'orphan', ...(scrapeId !== undefined && { scrapeId }), taskId, charge, message, next };
}

function lostPurchase(
  { nowMs }: AuditFacts,
  { workflow }: ScrapeFacts,
  { scrapeId, n, intent, refused, unknown, verdict }: Submission,
  purchases: readonly PurchaseRow[],
): AuditFinding[] {
  // Its answer may be on its way, or its scrape settles it.
  if (workflow === 'running' || nowMs < Date.parse(intent.settledBy)) return [];
  const charge = addCharges(...purchases.map((row) => row.charge));
  const journal = verdict
    ? 'its receipt is missing'
    : unknown?.absent
      ? 'it is written down as not bought'
      : unknown
        ? 'it is written down as unknown'
        : refused
          ? `it is written down as refused (${refused.reason})`
          : 'the answer to it was lost';
  const times = purchases.length === 1 ? '' : ` ${purchases.length} times`;
  const message = `${scrapeId}: submission ${n} was bought${times} for ${formatCharge(charge)} as the provider shows, and in the journal ${journal}`;
  const [first] = purchases;
  return [{ code: 'lost-purchase', scrapeId, n, taskId: first?.taskId ?? '', charge, message, next: ADOPT }];
}

/** What the journal says was bought, against what the provider shows of it. */
function ofReceipt(
  facts: AuditFacts,
  account: AccountFacts,
  { scrapeId }: ScrapeFacts,
  submission: Submission,
  byTask: ReadonlyMap<string, PurchaseRow>,
): AuditFinding[] {
  const { n, receipt, verdict, intent } = submission;
  if (!receipt || account.trouble !== undefined) return [];
  const { taskId } = receipt;
  const row = byTask.get(taskId);
  if (!row) {
    const family = facts.vendor.familyOf(intent.request.scraper);
    if (!account.lists.some((list) => list.family === family && covers(list, submission))) return [];
    const message = `${scrapeId}: the receipt of submission ${n}, for ${formatCharge(receipt.charge)}, names a task that the provider does not list`;
    const next = `compare the receipt with a backup, and ${ASK}`;
    return [{ code: 'not-listed', scrapeId, n, taskId, charge: receipt.charge, message, next }];
  }
  if (!row.priced) return [];
  const mayGiveBack = facts.vendor.mayGiveBack(intent.request);
  // Of a failed task the vendor gives back all or what it documents, never another part.
  const isAllBack = verdict?.outcome === 'failed' && isFree(row.charge);
  for (const [name, booked] of [
    ['receipt', receipt.charge],
    ['verdict', verdict?.charge ?? receipt.charge],
  ] as const) {
    const [more, less] = [withoutCharge(row.charge, booked), withoutCharge(booked, row.charge)];
    const isGivenBack = isAllBack || isFree(withoutCharge(less, mayGiveBack));
    if (isFree(more) && isGivenBack) continue;
    const message = `${scrapeId}: submission ${n} costs ${formatCharge(row.charge)} as the provider lists it, and ${formatCharge(booked)} as its ${name} says`;
    const next = isFree(more)
      ? `compare the ${name} with a backup: the provider gives nothing back for such a task`
      : `${ASK} why it charged more; count the difference against your ceilings yourself`;
    return [{ code: 'price-difference', scrapeId, n, taskId, charge: difference(more, less), message, next }];
  }
  // A receipt that was adopted from the list may be net of the refund already; the verdict's charge never is.
  const givenBack = withoutCharge(verdict?.charge ?? receipt.charge, row.charge);
  const owed = withoutCharge(verdict?.refundExpected ?? {}, givenBack);
  if (isFree(owed)) return [];
  const message = `${scrapeId}: ${formatCharge(owed)} of submission ${n} should come back by the provider’s own pages, and its list shows the full price`;
  const next = `${ASK} for it; until then it counts as spent`;
  return [{ code: 'refund-owed', scrapeId, n, taskId, charge: owed, message, next }];
}

/** Whether a purchase of this time would be in the list by now, as far as all clocks together can be off. */
function covers({ complete, fromMs, toMs }: PurchaseList, { intent, receipt }: Submission): boolean {
  const times = [Date.parse(intent.createdAt), Date.parse(receipt?.submittedAt ?? intent.settledBy)];
  return complete && Math.min(...times) >= fromMs && Math.max(...times) + LAG_MS <= toMs;
}

function difference(more: Charge, less: Charge): Charge {
  const amount: Charge = {};
  for (const currency of CURRENCIES) {
    const of = (more[currency] ?? 0) + (less[currency] ?? 0);
    if (of > 0) amount[currency] = of;
  }
  return amount;
}
