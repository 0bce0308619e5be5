import type { Receipt, Submission } from '../contracts/journal.ts';
import { addCharges, formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeFacts } from './audit-facts.ts';
import type { AuditFinding } from './audit-finding.ts';
import { isPast, lacksReceipt, lacksVerdict, lostMoney, mendingOf } from './audit-mending.ts';
import type { Mending } from './audit-mending.ts';
import { endOf } from './build-record.ts';

const ADOPT = 'collect it: gleaner audit --adopt';
const RESTORE =
  'restore its folders below journal/ from a backup; until then ceilings count what is left of it, and gleaner audit --adopt leaves the scrape as it is';

/** What to do about a verdict that is gone. */
const VERDICT_NEXT: Record<Mending['kind'], string> = {
  verdict: 'its result is whole: gleaner audit --adopt writes the verdict anew from the record',
  collect:
    'restore verdict.json from a backup; gleaner audit --adopt collects the task again while the provider keeps it',
  leave:
    'restore verdict.json from a backup; gleaner audit --adopt leaves the scrape as it is, since a look at the provider could only make its record worse',
};

/**
 * What one scrape's journal shows by itself: entries that are missing, purchases without a reason, and what nobody brings
 * to an end. `ready` says whether the provider shows a task as ended.
 */
export function auditJournal(
  scrape: ScrapeFacts,
  nowMs: number,
  ready: (receipt: Receipt) => boolean,
): AuditFinding[] {
  return [
    ...journalMissing(scrape),
    ...scrape.submissions.flatMap((submission) => ofSubmission(scrape, submission)),
    ...boughtAgain(scrape),
    ...withoutOutcome(scrape, nowMs, ready),
  ];
}

/** The record knows of more submissions than the journal: entries were lost, and with them the proof of what was bought. */
function journalMissing({ scrapeId, record, submissions, workflow }: ScrapeFacts): AuditFinding[] {
  const charge = workflow === 'running' ? undefined : lostMoney({ record, submissions });
  if (!record || !charge) return [];
  const left = submissions.length === 0 ? 'none of it' : `only ${submissions.length} of them`;
  const message = `${scrapeId}: its record tells of ${formatCharge(addCharges(record.charge, record.possiblySpent))} in ${record.submissions} submissions, and the journal has ${left}: ${formatCharge(charge)} are on record there alone`;
  return [{ code: 'journal-missing', scrapeId, charge, message, next: RESTORE }];
}

function ofSubmission({ scrapeId }: ScrapeFacts, submission: Submission): AuditFinding[] {
  const { n, verdict, receipt, duplicates = [] } = submission;
  const found: AuditFinding[] = [];
  if (verdict && lacksReceipt(submission)) {
    const message = `${scrapeId}: submission ${n} ended as ${verdict.outcome} for ${formatCharge(verdict.charge)}, and its receipt is missing`;
    found.push({
      code: 'receipt-missing',
      scrapeId,
      n,
      charge: verdict.charge,
      message,
      next: 'restore receipt.json from a backup; gleaner audit --adopt writes it anew where the provider’s list shows the task',
    });
  }
  if (verdict?.outcome === 'expired') {
    const message = `${scrapeId}: submission ${n} was not collected while the provider kept it, and ${formatCharge(verdict.charge)} are lost`;
    const next = 'nothing brings it back; keep a worker running (docs/operations.md, "TaskExpired")';
    found.push({ code: 'expired', scrapeId, n, charge: verdict.charge, message, next });
  }
  for (const { taskId, charge } of duplicates) {
    if (taskId === receipt?.taskId) continue;
    const message = `${scrapeId}: submission ${n} was bought once more, for ${formatCharge(charge)}; it is on record and counted`;
    const next = 'find out who else posted it, and ask the provider for the money';
    found.push({ code: 'duplicate', scrapeId, n, taskId, charge, message, next });
  }
  return found;
}

/** A further submission is opened by a failed one, one that is proven absent, or one given up as unknown; by nothing else. */
function boughtAgain(scrape: ScrapeFacts): AuditFinding[] {
  const { scrapeId, submissions } = scrape;
  if (lacksVerdict(scrape)) return []; // it is named, and may be the reason
  return submissions.flatMap((submission, index): AuditFinding[] => {
    const before = submissions[index - 1];
    if (!before?.receipt || before.unknown || before.verdict?.outcome === 'failed') return [];
    if (!isBought(submission)) return [];
    const charge = submission.verdict?.charge ?? submission.receipt?.charge ?? submission.intent.bound;
    const why = before.verdict ? `had ended as ${before.verdict.outcome}` : 'had not ended';
    const message = `${scrapeId}: submission ${submission.n} was bought for ${formatCharge(charge)} though submission ${before.n} ${why}`;
    const next = 'this must not happen: report it with the folder journal/ of the store';
    return [{ code: 'duplicate', scrapeId, n: submission.n, charge, message, next }];
  });
}

function isBought({ intent, refused, receipt, unknown }: Submission): boolean {
  return receipt !== undefined || !(refused || intent.withdrawn || unknown?.absent);
}

/** What nobody brings to an end: its workflow is over, and something of it is open. */
function withoutOutcome(
  scrape: ScrapeFacts,
  nowMs: number,
  ready: (receipt: Receipt) => boolean,
): AuditFinding[] {
  const { scrapeId, workflow, submissions, record } = scrape;
  if (workflow === 'running' || lostMoney(scrape)) return [];
  if (record && submissions.length > 0 && lacksVerdict(scrape)) {
    const { charge } = record;
    const message = `${scrapeId}: its record says ${record.outcome}, for ${formatCharge(charge)}, and the journal has no such verdict`;
    const next = VERDICT_NEXT[mendingOf(scrape, nowMs).kind];
    return [{ code: 'verdict-missing', scrapeId, charge, message, next }];
  }
  if (endOf(submissions)) return [];
  const open = submissions.filter(isUncollected);
  const doubtful = submissions.filter((submission) => isDoubtful(submission, nowMs));
  const charge = addCharges(
    ...open.map(({ receipt }) => receipt?.charge ?? {}),
    ...doubtful.map(({ intent }) => intent.bound),
  );
  const isOver = workflow === 'terminated' || workflow === 'gone';
  if (isOver && (!record || record.failure?.type === 'Terminated') && hasBegun(scrape)) {
    const how =
      workflow === 'terminated' ? 'its workflow was terminated' : 'Temporal knows no workflow of it';
    const message = `${scrapeId}: has no outcome, and ${how}; ${moneyWords(open, doubtful, charge)}`;
    return [{ code: 'terminated', scrapeId, charge, message, next: ADOPT }];
  }
  return open
    .filter(
      ({ receipt }) => workflow !== 'unasked' || (receipt && (ready(receipt) || isPast(receipt, nowMs))),
    )
    .map(({ n, receipt }): AuditFinding => {
      const paid = receipt?.charge ?? {};
      const state =
        receipt && isPast(receipt, nowMs)
          ? 'the provider may have forgotten it by now'
          : receipt && ready(receipt)
            ? 'its result is ready at the provider'
            : 'nobody looks at it any more';
      const message = `${scrapeId}: submission ${n} is paid with ${formatCharge(paid)} and not stored; ${state}`;
      return { code: 'uncollected', scrapeId, n, charge: paid, message, next: ADOPT };
    });
}

function hasBegun({ submissions, record }: ScrapeFacts): boolean {
  return submissions.length > 0 || record !== undefined;
}

function isUncollected({ receipt, verdict }: Submission): boolean {
  return receipt !== undefined && verdict === undefined;
}

function isDoubtful({ intent, refused, receipt, unknown, verdict }: Submission, nowMs: number): boolean {
  return (
    !intent.withdrawn && !refused && !receipt && !unknown && !verdict && nowMs > Date.parse(intent.settledBy)
  );
}

function moneyWords(open: readonly Submission[], doubtful: readonly Submission[], charge: Charge): string {
  if (open.length > 0) return `${formatCharge(charge)} paid and not collected`;
  return doubtful.length > 0 ? `${formatCharge(charge)} possibly spent` : 'nothing of it is paid and open';
}
