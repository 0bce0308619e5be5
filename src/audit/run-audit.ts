import type { Submission } from '../contracts/journal.ts';
import { auditFacts } from '../ledger/audit.ts';
import type { AuditOutcome } from '../ledger/audit.ts';
import type { AccountFacts, AuditFacts, VendorFacts } from '../ledger/audit-facts.ts';
import { inParallel } from '../lists/in-parallel.ts';
import { PROVIDERS_BY_NAME, providerOf } from '../providers/registry.ts';
import type { AuditScope, AuditWorld } from './audit-world.ts';
import { readAccount } from './read-account.ts';
import type { AskedTime } from './read-account.ts';
import { readBatches } from './read-batches.ts';
import { completeScrape, readable } from './read-scrape.ts';
import type { StoredScrape } from './read-scrape.ts';
import { FILES_AT_ONCE, readStore } from './read-store.ts';

/** What an audit found, and the facts that it goes by. */
export interface Audit extends AuditOutcome {
  facts: AuditFacts;
}

/** Around the times of the journal, whose clock is not the provider's. */
const MARGIN_MS = 5 * 60_000;

/**
 * Compares journal, records and stored results with each other and with what the providers list. Strictly read-only: it
 * writes nothing and makes free calls alone. The providers are asked before the store is read a second time, so that a
 * purchase that they show has its intent in the journal by then.
 */
export async function runAudit(world: AuditWorld, scope: AuditScope): Promise<Audit> {
  const { store, clock } = world;
  const first = await readStore(world, scope);
  const time = askedTime(world, scope, first.scrapes);
  const accounts: AccountFacts[] = [];
  for (const account of world.accounts) {
    const { search } = PROVIDERS_BY_NAME[account.provider];
    if (!search) continue;
    const fromMs = Math.max(time.fromMs, clock.wall() - search.reachMs + MARGIN_MS);
    accounts.push(await readAccount(world, account, { ...time, fromMs }));
  }
  const stored = accounts.length === 0 ? first : await readStore(world, scope);
  world.say(`comparing ${stored.scrapes.length} scrapes`);
  const damaged = new Set(stored.damaged);
  const scrapes = await inParallel(stored.scrapes, FILES_AT_ONCE, (scrape) =>
    completeScrape(world, scrape, (words) => void damaged.add(words)),
  );
  const marks = await readMarks(world, scrapes, accounts);
  const facts: AuditFacts = {
    nowMs: clock.wall(),
    scrapes,
    accounts,
    damaged: [...damaged],
    neverStarted: stored.neverStarted,
    batches: await readBatches(world, stored.ofBatches, stored.recordsOf),
    ofTag: marks.known,
    wouldBe:
      marks.unknown.size === 0
        ? new Map()
        : nameMarks(stored.knownIds, (id, n) => store.journal.tag(id, n), marks.unknown),
    vendor: VENDOR,
  };
  return { ...auditFacts(facts), facts };
}

const VENDOR: VendorFacts = {
  familyOf: (scraper) => providerOf(scraper).search?.familyOf(scraper),
  mayGiveBack: (request) => providerOf(request.scraper).mayGiveBack?.(request) ?? {},
};

/** From the first purchase that the audit is about, or from the store's first day, to now. */
function askedTime(
  { store, clock }: AuditWorld,
  scope: AuditScope,
  scrapes: readonly StoredScrape[],
): AskedTime {
  const begun = scrapes.flatMap(({ submissions }) =>
    submissions.map(({ intent }) => Date.parse(intent.createdAt)),
  );
  const storeMs = Date.parse(store.owner.createdAt);
  const first = begun.reduce((least, ms) => Math.min(least, ms), Number.POSITIVE_INFINITY);
  const fromMs =
    scope.sinceMs ??
    (scope.batchId === undefined ? Math.min(storeMs, first) : Number.isFinite(first) ? first : storeMs);
  return { fromMs: fromMs - MARGIN_MS, toMs: clock.wall() };
}

interface Marks {
  known: Map<string, Pick<Submission, 'scrapeId' | 'n'>>;
  /** Of this store's form, without any entry. */
  unknown: Set<string>;
}

/** Whose the marks are that the providers show. */
async function readMarks(
  { store: { journal } }: AuditWorld,
  scrapes: readonly StoredScrape[],
  accounts: readonly AccountFacts[],
): Promise<Marks> {
  const known: Marks['known'] = new Map(
    scrapes.flatMap(({ submissions }) =>
      submissions.map(({ scrapeId, n, intent }) => [intent.tag, { scrapeId, n }] as const),
    ),
  );
  const unknown = new Set<string>();
  const shown = accounts.flatMap(({ lists }) => lists.flatMap(({ rows }) => rows));
  for (const { tag, own } of shown) {
    if (!own || tag === undefined || known.has(tag) || unknown.has(tag)) continue;
    let isDamaged = false;
    const submission = await readable(
      () => journal.findByTag(tag),
      () => void (isDamaged = true),
    );
    if (submission) known.set(tag, submission);
    // What cannot be read is named as damaged; it is ours all the same.
    else if (isDamaged) known.set(tag, { scrapeId: '', n: 0 });
    else unknown.add(tag);
  }
  return { known, unknown };
}

/** Scrapes beyond this many submissions cannot be. */
const MAX_SUBMISSIONS = 10;

/** Which scrape a mark without a journal would belong to, where a record or a manifest still names it. */
function nameMarks(
  ids: ReadonlySet<string>,
  tagOf: (scrapeId: string, n: number) => string,
  marks: ReadonlySet<string>,
): Map<string, string> {
  const names = new Map<string, string>();
  for (const id of ids) {
    for (let n = 1; n <= MAX_SUBMISSIONS; n++) if (marks.has(tagOf(id, n))) names.set(tagOf(id, n), id);
  }
  return names;
}
