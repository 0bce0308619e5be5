import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { ScrapeFacts } from './audit-facts.ts';
import { buildRecord, endOf } from './build-record.ts';

/** Where a record is not the one that its journal makes, field by field, in words; nothing if no submission is known. */
export function differencesOf(
  { submissions }: Pick<ScrapeFacts, 'submissions'>,
  record: ScrapeRecord,
): string[] {
  const ref = submissions[0]?.intent.ref;
  if (!ref) return [];
  const end = endOf(submissions);
  const { outcome, failure, simulated } = record;
  const whole = buildRecord(ref, submissions, { outcome: end?.outcome ?? outcome, failure }, simulated);
  return [
    ...(whole.outcome === outcome ? [] : [`outcome is ${outcome} instead of ${whole.outcome}`]),
    ...differencesIn(COMPARED, record, whole),
  ];
}

/** The fields in which something that is stored is not what it should be, in words. */
export function differencesIn<Field extends string>(
  fields: readonly Field[],
  stored: Partial<Record<Field, unknown>>,
  whole: Partial<Record<Field, unknown>>,
): string[] {
  return fields
    .filter((field) => !isSame(whole[field], stored[field]))
    .map((field) => `${field} is ${show(stored[field])} instead of ${show(whole[field])}`);
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

/** Whether two stored values say the same; in a charge an absent amount and none are the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** JSON with sorted keys and without zeros. */
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
