import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Answer } from '../../src/contracts/answer.ts';
import type { Intent, Receipt, Refused, Unknown, Verdict } from '../../src/contracts/journal.ts';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import type { StoreError } from '../../src/store/store-error.ts';
import type { Journal } from '../../src/store/store.ts';

/** A folder of this test's own, removed when it ends. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The `StoreError` that `act` rejects with; anything else fails the test. */
export async function storeErrorOf(act: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await act.then(
    () => new Error('it did not reject'),
    (error: unknown) => error,
  );
  if (error instanceof Error && error.name === 'StoreError') return error as StoreError;
  throw error;
}

export const SCRAPE_ID = 'batch/demo/item-1/scrapellm/chatgpt/1';
const AT = '2026-01-02T03:04:05.000Z';

export function makeIntent(journal: Journal, changes: Partial<Intent> = {}): Intent {
  const { scrapeId = SCRAPE_ID, n = 1 } = changes;
  return {
    scrapeId,
    n,
    try: 1,
    tag: journal.tag(scrapeId, n),
    fingerprint: 'f'.repeat(64),
    ref: { scrapeId, scraper: 'scrapellm/chatgpt', market: 'US/en', account: 'default' },
    request: { scraper: 'scrapellm/chatgpt', prompt: 'best crm?', market: 'US/en', params: { web: true } },
    account: 'default',
    endpoint: 'https://provider.example',
    bound: { credits: 3 },
    nonce: 'nonce-1',
    createdAt: AT,
    sendBy: AT,
    settledBy: AT,
    ...changes,
  };
}

export function makeRefused(changes: Partial<Refused> = {}): Refused {
  return {
    scrapeId: SCRAPE_ID,
    n: 1,
    try: 1,
    reason: 'rate-limited',
    message: 'too many',
    at: AT,
    ...changes,
  };
}

export function makeReceipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    scrapeId: SCRAPE_ID,
    n: 1,
    try: 1,
    taskId: 'task-1',
    account: 'default',
    endpoint: 'https://provider.example',
    charge: { credits: 3 },
    submittedAt: AT,
    plan: { firstMs: 1, gapMs: 2, wideAfterMs: 3, wideGapMs: 4, retentionMs: 5 },
    ...changes,
  };
}

export function makeUnknown(changes: Partial<Unknown> = {}): Unknown {
  return { scrapeId: SCRAPE_ID, n: 1, message: 'lost', possiblySpent: { credits: 3 }, at: AT, ...changes };
}

export function makeVerdict(changes: Partial<Verdict> = {}): Verdict {
  return {
    scrapeId: SCRAPE_ID,
    n: 1,
    outcome: 'done',
    charge: { credits: 3 },
    refundExpected: {},
    at: AT,
    ...changes,
  };
}

export function makeRecord(changes: Partial<ScrapeRecord> = {}): ScrapeRecord {
  return {
    scrapeId: SCRAPE_ID,
    scraper: 'scrapellm/chatgpt',
    market: 'US/en',
    account: 'default',
    outcome: 'done',
    submissions: 1,
    charge: { credits: 3 },
    possiblySpent: {},
    refundExpected: {},
    simulated: false,
    ...changes,
  };
}

export function makeAnswer(changes: Partial<Answer> = {}): Answer {
  return {
    scraper: 'scrapellm/chatgpt',
    prompt: 'best crm?',
    market: 'US/en',
    params: {},
    text: 'It depends.',
    citations: [{ url: 'https://example.com/a', domain: 'example.com' }],
    fanOutQueries: null,
    followUps: [],
    products: null,
    ranks: null,
    model: null,
    cached: false,
    charge: { credits: 3 },
    ...changes,
  };
}
