import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check } from '../../src/activities/check.ts';
import { submit } from '../../src/activities/submit.ts';
import type { AuditScope, AuditWorld } from '../../src/audit/audit-world.ts';
import { runAudit } from '../../src/audit/run-audit.ts';
import type { Audit } from '../../src/audit/run-audit.ts';
import type { ScrapeInput, ScrapeRecord } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import type { DataForSeoKnobs } from '../../src/simulator/dataforseo/knobs.ts';
import { createDataForSeoBench } from '../activities/dataforseo-bench.ts';
import type { DataForSeoBench } from '../activities/dataforseo-bench.ts';

/** A bench with scrapes that are audited and damaged by hand. */
export interface AuditBench extends DataForSeoBench {
  /** Buys, waits for and collects one scrape. */
  scrape(scrapeId: string, input?: Partial<ScrapeInput>): Promise<ScrapeRecord>;
  audit(overrides?: Partial<AuditWorld>, scope?: AuditScope): Promise<Audit>;
  /** Files of the store whose path matches, relative to it. */
  files(pattern: RegExp): Promise<string[]>;
  remove(pattern: RegExp): Promise<void>;
  /** Replaces the bytes of the one file that matches. */
  change(pattern: RegExp, edit: (body: Buffer) => Buffer | string): Promise<void>;
  /** Changes what a stored JSON file says. */
  edit(pattern: RegExp, change: (json: Record<string, unknown>) => void): Promise<void>;
  /** Posts a task past Gleaner, on the same account. */
  post(tag: string, keyword?: string): Promise<void>;
  /** SHA-256 over the names and bytes of everything in the store. */
  digest(): Promise<string>;
}

export async function createAuditBench(knobs: Partial<DataForSeoKnobs> = {}): Promise<AuditBench> {
  const bench = await createDataForSeoBench({ durationMs: 1_000, listLagMs: 0, searchLagMs: 0, ...knobs });
  const { store, deps, account } = bench;
  const files = async (pattern: RegExp): Promise<string[]> => {
    const entries = await readdir(store.location, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(store.location.length + 1))
      .filter((path) => pattern.test(path))
      .sort();
  };
  const change: AuditBench['change'] = async (pattern, edit) => {
    const [path, ...more] = await files(pattern);
    if (path === undefined || more.length > 0) throw new Error(`${1 + more.length} files match ${pattern}`);
    await writeFile(join(store.location, path), edit(await readFile(join(store.location, path))));
  };
  return {
    ...bench,
    files,
    change,
    async scrape(scrapeId, more = {}) {
      const input = { scraper: 'dataforseo/google-images', prompt: `question of ${scrapeId}`, ...more };
      const ref = toRef(scrapeId, input);
      const bought = await submit(deps, { ref, input, n: 1 });
      if (bought.kind !== 'receipt') throw new Error(`not bought: ${bought.kind}`);
      await bench.advance(2_000);
      const result = await check(deps, { ref, receipt: bought.receipt, mayResubmit: false }, 2);
      if (result.kind !== 'ended') throw new Error(`not ended: ${result.kind}`);
      return result.record;
    },
    async audit(overrides = {}, scope = {}) {
      // Answers settle, and purchases come to the list.
      await bench.advance(2 * 3_600_000);
      return runAudit(
        {
          store,
          http: deps.http,
          accounts: [account],
          clock: bench.run(),
          workflows: { wasRunning: () => false, stateOf: async () => 'ended' },
          isCollecting: async () => false,
          say: () => undefined,
          ...overrides,
        },
        scope,
      );
    },
    async remove(pattern) {
      const paths = await files(pattern);
      if (paths.length === 0) throw new Error(`nothing matches ${pattern}`);
      for (const path of paths) await rm(join(store.location, path));
    },
    edit: (pattern, alter) =>
      change(pattern, (body) => {
        const json = JSON.parse(body.toString()) as Record<string, unknown>; // entries of the journal and records are objects
        alter(json);
        return JSON.stringify(json);
      }),
    async post(tag, keyword = 'somebody else') {
      await fetch(`${account.baseUrl}/v3/serp/google/images/task_post`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(account.secret).toString('base64')}` },
        body: JSON.stringify([{ keyword, location_code: 2840, language_code: 'en', tag }]),
      });
    },
    async digest() {
      const hash = createHash('sha256');
      for (const path of await files(/./))
        hash.update(path).update(await readFile(join(store.location, path)));
      return hash.digest('hex');
    },
  };
}

/** What was found, by code and scrape. */
export function found({ findings }: Pick<Audit, 'findings'>): string[] {
  return findings.map(({ code, scrapeId }) => `${code} ${scrapeId ?? '-'}`);
}
