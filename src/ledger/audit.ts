import { addCharges, formatCharge, isFree } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { AuditFacts, ScrapeFacts } from './audit-facts.ts';
import { AUDIT_CODES } from './audit-finding.ts';
import type { AuditFinding } from './audit-finding.ts';
import { auditBatches } from './audit-batches.ts';
import { auditJournal } from './audit-journal.ts';
import { auditPurchases, isOn } from './audit-purchases.ts';
import { auditRecord } from './audit-record.ts';
import { spendOf } from './spend.ts';
import type { Spend } from './spend.ts';

/** What was compared and what is off. */
export interface AuditOutcome {
  /** The order of the codes, then that of the scrapes. */
  findings: AuditFinding[];
  /** What could not be compared, or need not be: nothing is known to be wrong there. */
  notes: string[];
  checked: { scrapes: number; submissions: number; running: number; purchases: number };
  spend: Pick<Spend, 'charge' | 'possiblySpent' | 'refundExpected'>;
}

/** Facts in, findings out: nothing is read, asked or changed. */
export function auditFacts(facts: AuditFacts): AuditOutcome {
  const ready = new Set(
    facts.accounts.flatMap(({ readyTasks, lists }) => [
      ...readyTasks,
      ...lists.flatMap(({ rows }) => rows.filter(({ ended }) => ended).map(({ taskId }) => taskId)),
    ]),
  );
  const fromProvider = facts.accounts.flatMap((account) => auditPurchases(facts, account));
  // The provider's word for what became of a submission is better than that nobody knows.
  const shown = new Set(fromProvider.filter(({ code }) => code === 'lost-purchase').map(keyOf));
  const fromStore = facts.scrapes
    .flatMap((scrape) => [
      ...auditJournal(scrape, facts.nowMs, ({ taskId }) => ready.has(taskId)),
      ...auditRecord(scrape),
    ])
    .filter((finding) => !(finding.code === 'receipt-missing' && shown.has(keyOf(finding))));
  const batches = auditBatches(facts.batches, fromStore);
  const findings = [
    ...fromProvider,
    ...fromStore,
    ...batches.findings,
    ...damaged(facts),
    ...neverStarted(facts),
  ];
  const submissions = facts.scrapes.flatMap((scrape) => scrape.submissions);
  return {
    findings: findings.toSorted((a, b) => AUDIT_CODES.indexOf(a.code) - AUDIT_CODES.indexOf(b.code)),
    notes: [...notesOf(facts), ...batches.notes],
    checked: {
      scrapes: facts.scrapes.length,
      submissions: submissions.length,
      running: facts.scrapes.filter(({ workflow }) => workflow === 'running').length,
      purchases: new Set(
        facts.accounts.flatMap(({ lists }) =>
          lists.flatMap(({ rows }) => rows.filter(({ own }) => own).map(({ taskId }) => taskId)),
        ),
      ).size,
    },
    spend: spendOf(submissions),
  };
}

function keyOf({ scrapeId, n }: AuditFinding): string {
  return `${scrapeId} ${n}`;
}

function damaged(facts: AuditFacts): AuditFinding[] {
  return facts.damaged.map((words) => ({
    code: 'store-damaged',
    charge: {},
    message: words,
    next: 'see docs/operations.md, "A damaged store file"',
  }));
}

function neverStarted({ neverStarted }: AuditFacts): AuditFinding[] {
  return neverStarted.map(({ batchId, scrapes }) => ({
    code: 'never-started',
    charge: {},
    message: `${batchId}: ended from outside, and ${scrapes} of its scrapes were never begun; nothing of them was bought`,
    next: 'start the same batch again under its name: what it bought is not bought again',
  }));
}

function notesOf(facts: AuditFacts): string[] {
  const { scrapes, accounts, vendor } = facts;
  const unlisted = scrapes.filter(({ submissions }) =>
    submissions.some(({ intent }) => vendor.familyOf(intent.request.scraper) === undefined),
  );
  const unasked = scrapes.filter(({ submissions }) =>
    submissions.some(
      ({ intent }) =>
        !intent.withdrawn &&
        vendor.familyOf(intent.request.scraper) !== undefined &&
        !accounts.some((account) => isOn(account, intent)),
    ),
  );
  const open = scrapes.filter(({ workflow, record }) => workflow === 'unasked' && !record);
  return [
    ...(unlisted.length > 0 ? [withoutLists(unlisted)] : []),
    ...(unasked.length > 0
      ? [
          `${count(unasked)} bought on an account that is not configured here: compared with journal, records and results alone`,
        ]
      : []),
    ...(open.length > 0
      ? [`${count(open)} without an outcome so far: Temporal could not be asked whether they run`]
      : []),
    ...unlistedDoubts(facts),
  ];
}

/** Purchases whose answer was lost for good, and that no list of their account shows either. */
function unlistedDoubts({ scrapes, accounts }: AuditFacts): string[] {
  const shown = new Set(
    accounts.flatMap(({ lists }) => lists.flatMap(({ rows }) => rows.map(({ tag }) => tag))),
  );
  const doubts = scrapes.flatMap(({ submissions }) =>
    submissions.filter(
      ({ intent, receipt, unknown }) =>
        unknown &&
        !unknown.absent &&
        !receipt &&
        !shown.has(intent.tag) &&
        accounts.some((account) => account.trouble === undefined && isOn(account, intent)),
    ),
  );
  if (doubts.length === 0) return [];
  const charge = addCharges(...doubts.map(({ unknown }) => unknown?.possiblySpent ?? {}));
  const named = doubts.slice(0, NAMED).map(({ scrapeId, n }) => `${scrapeId} (submission ${n})`);
  const more = doubts.length > NAMED ? ` and ${doubts.length - NAMED} more` : '';
  return [
    `unknown whether it was bought, and in no list of purchases that was read: ${named.join(', ')}${more}. ` +
      `At most ${formatCharge(charge)} were spent, and count as spent`,
  ];
}

/** A note stays readable; the records have the rest. */
const NAMED = 5;

/** Of a provider that tells nothing: what the store says of it, and what nobody can tell. */
function withoutLists(scrapes: readonly ScrapeFacts[]): string {
  const names = new Set(
    scrapes.flatMap(({ submissions }) =>
      submissions.map(({ intent }) => splitScraper(intent.request.scraper).provider),
    ),
  );
  const { refundExpected, possiblySpent } = spendOf(scrapes.flatMap(({ submissions }) => submissions));
  const open = [
    ...words('refunds that are documented', refundExpected),
    ...words('possibly spent', possiblySpent),
  ];
  return (
    `${[...names].join(', ')} has no list of purchases and tells no balance: of ${count(scrapes)}, journal, records and results ` +
    `were compared with each other, and purchases that the journal does not know cannot be found` +
    (open.length === 0 ? '' : `. Nobody can confirm: ${open.join('; ')}`)
  );
}

function words(what: string, charge: Charge): string[] {
  return isFree(charge) ? [] : [`${what}: ${formatCharge(charge)}`];
}

function count(scrapes: readonly ScrapeFacts[]): string {
  return scrapes.length === 1 ? '1 scrape' : `${scrapes.length} scrapes`;
}
