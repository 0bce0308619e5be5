import type { PageOutcome } from '../contracts/page-purchase.ts';
import type { Submission } from '../contracts/journal.ts';
import type { ScrapeInput } from '../contracts/scrape.ts';
import { toRef } from '../contracts/to-ref.ts';
import { countsAgainstCeiling, spendOf } from '../ledger/spend.ts';
import type { PageProtocol } from '../providers/provider.ts';
import { StoreError } from '../store/store-error.ts';
import type { ActivityDeps } from './deps.ts';
import { openSubmission } from './known-result.ts';
import { assertSameRequest, toAsked, toPurchase } from './purchase.ts';
import type { Purchase } from './purchase.ts';
import { decideSubmit } from './submit-decision.ts';
import type { SubmitDecision } from './submit-decision.ts';
import { assertWithinLimits } from './within-limits.ts';

/** One scrape of a page. */
export interface PageRow {
  scrapeId: string;
  input: ScrapeInput;
}

/** A scrape that is free to be bought now, as this try of its first submission. */
export interface Buyable {
  kind: 'buy';
  input: ScrapeInput;
  purchase: Purchase;
  try: number;
}

export const ALONE: PageOutcome = { kind: 'alone' };

/**
 * What the journal says of one scrape of a page. Never throws for a scrape that is not in order, also not for a damaged
 * file: it is left alone, so that it cannot hurt the others. Throws `StoreError` if the store cannot be read at all.
 */
export async function lookAtRow(deps: ActivityDeps, row: PageRow): Promise<Buyable | PageOutcome> {
  try {
    const ref = toRef(row.scrapeId, row.input);
    const asked = toAsked(ref, row.input);
    const submissions = await deps.store.journal.readAll(ref.scrapeId);
    assertSameRequest(ref, asked, submissions);
    const decision = decideSubmit(submissions, 1);
    if (decision.kind !== 'buy') return knownOutcome(decision);
    const purchase = await toPurchase(deps, ref, asked, submissions);
    assertWithinLimits(ref, row.input, spentBy(submissions), purchase.bound);
    return { kind: 'buy', input: row.input, purchase, try: decision.try };
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'unavailable') throw error;
    return ALONE;
  }
}

/** What is known without asking the provider; how a submission ended is left to the scrape's own `submit`. */
function knownOutcome(decision: Exclude<SubmitDecision, { kind: 'buy' }>): PageOutcome {
  switch (decision.kind) {
    case 'receipt':
      return { kind: 'receipt', receipt: decision.receipt, journalled: true };
    case 'open':
      return { kind: 'unknown', open: openSubmission(decision.intent) };
    case 'stored':
    case 'ended':
    case 'unknown':
    case 'absent':
      return ALONE;
  }
}

/** Scrapes that can share a call. */
export interface PageCall {
  protocol: PageProtocol;
  page: readonly [Buyable, ...Buyable[]];
}

/** Those of the first one's group and account, as many as one call takes; the others are left alone. */
export function onePage(buyables: readonly Buyable[]): PageCall | undefined {
  const [first, ...others] = buyables;
  const protocol = first?.purchase.provider.pages;
  if (!first || !protocol) return undefined;
  const group = protocol.groupOf(first.purchase.request.scraper);
  const fits = others.filter(
    ({ purchase: { gateKey, request } }) =>
      gateKey === first.purchase.gateKey && protocol.groupOf(request.scraper) === group, // the key names the provider
  );
  return { protocol, page: [first, ...fits.slice(0, protocol.maxTasks - 1)] };
}

function spentBy(submissions: readonly Submission[]): ReturnType<typeof countsAgainstCeiling> {
  return countsAgainstCeiling(spendOf(submissions));
}
