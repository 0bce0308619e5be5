import { formatCharge } from '../contracts/money.ts';
import type { ScrapeFacts } from './audit-facts.ts';
import type { AuditFinding } from './audit-finding.ts';
import { lacksReceipt, lacksVerdict, lostMoney, tellsOfMore } from './audit-mending.ts';
import { endOf } from './build-record.ts';
import { differencesOf } from './record-differences.ts';
import { spendOf } from './spend.ts';

const REWRITE = 'have it written anew from the journal: gleaner audit --adopt';
const RESTORE =
  'the journal never forgets a charge: restore its folder below journal/ from a backup; if somebody changed the record, delete it and run gleaner audit --adopt';

/** Compares a scrape's record with the one that its journal makes, field by field, and names damaged results. */
export function auditRecord(scrape: ScrapeFacts): AuditFinding[] {
  const { scrapeId, record, damagedResults } = scrape;
  const charge = record?.charge ?? spendOf(scrape.submissions).charge;
  const damaged = damagedResults.map((words): AuditFinding => {
    const message = `${scrapeId}: a result that cost ${formatCharge(charge)} cannot be read: ${words}`;
    const next = 'restore the file from a backup; what it cost stays on record';
    return { code: 'result-damaged', scrapeId, charge, message, next };
  });
  return [...damaged, ...ofRecord(scrape)];
}

function ofRecord(scrape: ScrapeFacts): AuditFinding[] {
  const { scrapeId, record, submissions, workflow } = scrape;
  if (workflow === 'running') return []; // it may be written at this moment
  const { charge } = spendOf(submissions);
  if (!record) {
    const end = endOf(submissions) ?? (workflow === 'ended' ? submissions.at(-1)?.verdict : undefined);
    if (!end) return [];
    const message = `${scrapeId}: ended as ${end.outcome} for ${formatCharge(charge)}, and its record is missing`;
    return [{ code: 'record-missing', scrapeId, charge, message, next: REWRITE }];
  }
  // What is wrong with the journal itself is named already, and makes any record look wrong.
  if (submissions.length === 0 || submissions.some(lacksReceipt)) return [];
  if (lostMoney(scrape) || lacksVerdict(scrape)) return [];
  const differences = differencesOf(scrape, record);
  if (differences.length === 0) return [];
  const message = `${scrapeId}: its record is not what its journal says: ${differences.join(', ')}`;
  const next = tellsOfMore(scrape) ? RESTORE : REWRITE;
  return [{ code: 'record-differs', scrapeId, charge, message, next }];
}
