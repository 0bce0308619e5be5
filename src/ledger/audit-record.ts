import { formatCharge } from '../contracts/money.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { ScrapeFacts } from './audit-facts.ts';
import type { AuditFinding } from './audit-finding.ts';
import { lacksReceipt, lacksVerdict } from './audit-journal.ts';
import { buildRecord, endOf } from './build-record.ts';
import { spendOf } from './spend.ts';

const REWRITE = 'have it written anew from the journal: gleaner audit --adopt';

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
  if (submissions.length === 0 || submissions.some(lacksReceipt) || lacksVerdict(scrape)) return [];
  const differences = differencesOf(scrape, record);
  if (differences.length === 0) return [];
  const message = `${scrapeId}: its record is not what its journal says: ${differences.join(', ')}`;
  return [{ code: 'record-differs', scrapeId, charge, message, next: REWRITE }];
}

/** What follows from the journal alone; names and labels are the last input's. */
const COMPARED = [
  'scraper',
  'market',
  'account',
  'submissions',
  'charge',
  'possiblySpent',
  'refundExpected',
  'submittedAt',
  'readyAt',
  'collectedAt',
  'result',
] as const satisfies ReadonlyArray<keyof ScrapeRecord>;

function differencesOf({ submissions }: ScrapeFacts, record: ScrapeRecord): string[] {
  const ref = submissions[0]?.intent.ref;
  if (!ref) return [];
  const end = endOf(submissions);
  const { outcome, failure, simulated } = record;
  const whole = buildRecord(ref, submissions, { outcome: end?.outcome ?? outcome, failure }, simulated);
  return [
    ...(whole.outcome === outcome ? [] : [`outcome is ${outcome} instead of ${whole.outcome}`]),
    ...COMPARED.filter((field) => !isSame(whole[field], record[field])).map(
      (field) => `${field} is ${show(record[field])} instead of ${show(whole[field])}`,
    ),
  ];
}

function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** JSON with sorted keys; in a charge an absent amount and none are the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, part]) => part !== 0)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'string' ? value : canonical(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
