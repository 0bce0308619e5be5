import { readFileSync } from 'node:fs';
import type { ScrapeRequest } from '../../../src/contracts/scrape.ts';
import type { Scraper } from '../../../src/contracts/scrapers.ts';
import { createDataForSeo } from '../../../src/providers/dataforseo/adapter.ts';
import type { HttpReply, PageTask, ProviderAccount } from '../../../src/providers/provider.ts';

export const provider = createDataForSeo();

/** Not what strict validators call a UUID: version and variant are free. */
export const TASK_ID = '11200912-9001-0626-0000-6c0e8a51f2d4';
export const NOON = Date.UTC(2026, 10, 20, 12, 0, 10);
export const SECRET = 'ops@example.test:pass-1';

export const account: ProviderAccount = {
  name: 'default',
  baseUrl: 'https://api.dataforseo.com',
  secret: SECRET,
  simulated: false,
  timeScale: 1,
};

export function request(changes: Partial<ScrapeRequest> = {}): ScrapeRequest {
  return {
    scraper: 'dataforseo/google-organic',
    prompt: 'best desk lamp',
    market: 'US/en',
    params: {},
    ...changes,
  };
}

/** Tasks of a page, by their tags. */
export function page(...tags: string[]): PageTask[] {
  return tags.map((tag) => ({ request: request(), tag }));
}

export function reply(body: unknown, status = 200, headers: Record<string, string> = {}): HttpReply {
  return { status, headers, body: bytes(body), serverTimeMs: NOON };
}

export function bytes(body: unknown): Uint8Array {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A small body in a documented shape; the values are invented. */
export function fixture(name: string): Record<string, unknown> {
  const file = new URL(`fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>; // our own files
}

export interface TaskFields {
  id?: string | null;
  status_code?: number;
  status_message?: string;
  cost?: number;
  tag?: string;
  result?: unknown;
}

/** An entry of `tasks`; the documented outcome of a purchase unless told otherwise. */
export function task({ tag, ...fields }: TaskFields = {}): object {
  return {
    id: TASK_ID,
    status_code: 20100,
    status_message: 'Task Created.',
    cost: 0.0006,
    data: { api: 'serp', ...(tag !== undefined && { tag }) },
    result: null,
    ...fields,
  };
}

export function envelope(tasks: unknown, code = 20000, message = 'Ok.'): object {
  return { version: '0.1', status_code: code, status_message: message, cost: 0, tasks };
}

/** The body of a look at a task that is done. */
export function collected(result: unknown, fields: TaskFields = {}): object {
  return envelope([task({ status_code: 20000, status_message: 'Ok.', cost: 0, result, ...fields })]);
}

/** What a look at the usual task says. */
export function check(
  body: unknown,
  { status = 200, scraper = 'dataforseo/google-organic', variant }: Look = {},
): ReturnType<typeof provider.readCheck> {
  return provider.readCheck(reply(body, status), {
    taskId: TASK_ID,
    scraper,
    ...(variant !== undefined && { variant }),
  });
}

interface Look {
  status?: number;
  scraper?: Scraper;
  variant?: string;
}
