import type { Submission } from '../contracts/journal.ts';
import type { ScrapeInput } from '../contracts/scrape.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { AuditFacts, PurchaseRow } from '../ledger/audit-facts.ts';
import type { AuditCode, AuditFinding } from '../ledger/audit-finding.ts';
import { mendingOf } from '../ledger/audit-mending.ts';
import { isOn } from '../ledger/audit-purchases.ts';
import { adoptPurchases } from '../lists/adopt-purchases.ts';
import type { Account } from '../providers/account.ts';
import type { Store } from '../store/store.ts';
import { readSummed } from './read-batches.ts';
import { damagedResults, readStored } from './read-scrape.ts';
import type { Audit } from './run-audit.ts';

/** What was done about a finding. */
export interface Adopted {
  scrapeId?: string;
  /** Of what was done about a batch as a whole. */
  batchId?: string;
  /** One sentence. */
  message: string;
}

/** Purchases that the journal lacks and that can be written into it. */
const PURCHASE: readonly AuditCode[] = ['lost-purchase', 'receipt-missing', 'duplicate'];
/** What the scrape's own workflow brings in order when it is started again. */
const START: readonly AuditCode[] = [
  'lost-purchase',
  'receipt-missing',
  'uncollected',
  'terminated',
  'verdict-missing',
  'record-missing',
  'record-differs',
  'duplicate',
];
/** The journal is known to lack what was bought: whatever is started goes by less than that. */
const LOST: readonly AuditCode[] = ['journal-missing', 'orphan'];

/** What is left to do once the journal is whole: each of these scrapes is started again with this input. */
export interface Adoption {
  adopted: Adopted[];
  start: Array<{ scrapeId: string; input: ScrapeInput }>;
}

/**
 * Writes purchases that were found into the journal, as reconciling does: as receipts or duplicates. Buys nothing. What it
 * returns to be started has no submission and no money left, so that all it can do is pick up its receipt, collect, and
 * write its record from the journal. A scrape whose record knows more than its journal is not started: a lost verdict is
 * written from the record where its result is whole, and the rest is left as it is.
 */
export async function adoptFound(
  store: Store,
  accounts: readonly Account[],
  { facts, findings }: Pick<Audit, 'facts' | 'findings'>,
): Promise<Adoption> {
  const adopted: Adopted[] = [];
  for (const scrapeId of scrapesOf(findings, PURCHASE)) {
    for (const submission of await store.journal.readAll(scrapeId)) {
      adopted.push(...(await takeOver(store, accounts, facts, submission)));
    }
  }
  const start: Adoption['start'] = [];
  for (const { batchId } of findings.filter(({ code }) => code === 'batch-differs')) {
    const { scrapeIds } = facts.batches.find((batch) => batch.batchId === batchId) ?? {};
    const summed = batchId !== undefined && scrapeIds && (await readSummed(store, batchId, scrapeIds));
    if (!summed) continue;
    await store.batches.writeRecord({ ...summed.record, ...summed.sums });
    adopted.push({ batchId, message: `${batchId}: its record is summed anew from those of its scrapes` });
  }
  const lost = scrapesOf(findings, LOST);
  for (const scrapeId of scrapesOf(findings, START)) {
    const stored = lost.has(scrapeId) ? undefined : await readStored(store, scrapeId, () => undefined);
    if (!stored) continue;
    const mending = mendingOf(
      { ...stored, damagedResults: await damagedResults(store, stored) },
      facts.nowMs,
    );
    if (mending.kind === 'verdict') {
      await store.journal.createVerdict(mending.verdict);
      adopted.push({ scrapeId, message: `${scrapeId}: its verdict is written anew from its record` });
    } else if (mending.kind === 'collect') {
      const input = collectingInput(stored.submissions);
      if (input) start.push({ scrapeId, input });
    }
  }
  return { adopted, start };
}

function scrapesOf(findings: readonly AuditFinding[], codes: readonly AuditCode[]): Set<string> {
  return new Set(
    findings.flatMap(({ code, scrapeId }) =>
      scrapeId !== undefined && codes.includes(code) ? [scrapeId] : [],
    ),
  );
}

/** Writes what the provider showed under this submission's mark into the journal. */
async function takeOver(
  { journal }: Store,
  accounts: readonly Account[],
  facts: AuditFacts,
  submission: Submission,
): Promise<Adopted[]> {
  const { scrapeId, n, intent, receipt, duplicates = [] } = submission;
  const rows = facts.accounts
    .filter((account) => isOn(account, intent))
    .flatMap(({ lists }) => lists.flatMap((list) => list.rows.filter(({ tag }) => tag === intent.tag)));
  const known = new Set([receipt?.taskId, ...duplicates.map(({ taskId }) => taskId)]);
  const found = oneATask(rows).filter(({ taskId }) => !known.has(taskId));
  // Until then whoever sent it may still be writing its answer down.
  if (found.length === 0 || facts.nowMs < Date.parse(intent.settledBy)) return [];
  const { provider } = splitScraper(intent.request.scraper);
  const account = accounts.find((one) => one.provider === provider && one.name === intent.account);
  const written = await adoptPurchases(journal, submission, found, {
    timeScale: account?.timeScale ?? 1,
    adopted: () => undefined,
  });
  const others = found.length - (written ? 1 : 0);
  return [
    ...(written ? [{ scrapeId, message: `${scrapeId}: submission ${n} has its receipt now` }] : []),
    ...(others > 0
      ? [{ scrapeId, message: `${scrapeId}: ${others} more under the mark of submission ${n} written down` }]
      : []),
  ];
}

function oneATask(rows: readonly PurchaseRow[]): PurchaseRow[] {
  return [...new Map(rows.map((row) => [row.taskId, row])).values()];
}

/** The input that only collects: what it bought is all that it may, and no money is left for more. */
function collectingInput(submissions: readonly Submission[]): ScrapeInput | undefined {
  const last = submissions.at(-1);
  if (!last) return undefined;
  const { request, ref } = last.intent;
  const { account, label, batchId, item, sample } = ref;
  return {
    ...request,
    account,
    ...(label !== undefined && { label }),
    ...(batchId !== undefined && { batchId }),
    ...(item !== undefined && { item }),
    ...(sample !== undefined && { sample }),
    maxSubmissions: last.n,
    maxCredits: 0,
    maxUsd: 0,
  };
}
