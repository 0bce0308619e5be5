import type { BatchSums } from '../contracts/batch.ts';
import { addCharges, withoutCharge } from '../contracts/money.ts';
import type { BatchFacts } from './audit-facts.ts';
import type { AuditCode, AuditFinding } from './audit-finding.ts';
import { differencesIn } from './record-differences.ts';

/** With one of these a scrape's record is not what it should be, and no sum over it says anything. */
const BEFORE: readonly AuditCode[] = [
  'journal-missing',
  'receipt-missing',
  'verdict-missing',
  'record-missing',
  'record-differs',
];

const SUMMED = [
  'total',
  'counts',
  'charge',
  'possiblySpent',
  'refundExpected',
] as const satisfies ReadonlyArray<keyof BatchSums>;

/** Names batches whose own record, which `status` and the report show, is not the sum over their scrapes' records. */
export function auditBatches(
  batches: readonly BatchFacts[],
  ofScrapes: readonly AuditFinding[],
): { findings: AuditFinding[]; notes: string[] } {
  const wrong = new Set(
    ofScrapes.filter(({ code }) => BEFORE.includes(code)).map(({ scrapeId }) => scrapeId),
  );
  const findings: AuditFinding[] = [];
  const notes: string[] = [];
  for (const { batchId, workflow, record, sums, scrapeIds } of batches) {
    const differences = batchDifferences({ record, sums });
    if (workflow === 'running' || differences.length === 0 || scrapeIds.some((id) => wrong.has(id))) continue;
    const message = `${batchId}: its record is not the sum over the records of its ${scrapeIds.length} scrapes: ${differences.join(', ')}`;
    if (workflow === 'unasked') {
      notes.push(`${message}; Temporal could not be asked whether it runs`);
      continue;
    }
    const charge = addCharges(
      withoutCharge(record.charge, sums.charge),
      withoutCharge(sums.charge, record.charge),
    );
    const next = 'have it summed anew from the records of its scrapes: gleaner audit --adopt';
    findings.push({ code: 'batch-differs', batchId, charge, message, next });
  }
  return { findings, notes };
}

/** Where a batch's record is not what its scrapes' records sum up to, in words. */
export function batchDifferences({ record, sums }: Pick<BatchFacts, 'record' | 'sums'>): string[] {
  return differencesIn(SUMMED, record, sums);
}
