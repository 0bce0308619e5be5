import type { ScrapeRequest } from '../../../src/contracts/scrape.ts';
import type { HttpReply, ProviderAccount } from '../../../src/providers/provider.ts';

export const KEY = 'sk-live-0123456789abcdef';
export const JOB_ID = '3f7a2b1c-9e4d-4f8a-b2c1-7d6e5f4a3b2c';
export const NOON = Date.UTC(2026, 4, 11, 12);

export const account: ProviderAccount = {
  name: 'default',
  baseUrl: 'https://api.scrapellm.com',
  secret: KEY,
  simulated: false,
  timeScale: 1,
};

export function request(changes: Partial<ScrapeRequest> = {}): ScrapeRequest {
  return { scraper: 'scrapellm/chatgpt', prompt: 'which shoes?', market: 'US/en', params: {}, ...changes };
}

export function reply(status: number, body: unknown = '', headers: Record<string, string> = {}): HttpReply {
  return { status, headers, body: bytes(body), serverTimeMs: NOON };
}

export function bytes(body: unknown): Uint8Array {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The vendor's three examples of docs.scrapellm.com/api-reference/endpoint/get-job-status, their `[...]` filled in. */
const common = { job_id: JOB_ID, scraper: 'chatgpt', created_at: '2026-05-11T12:00:00+00:00' };
const asked = { prompt: 'What brands do marketers recommend for email automation?', country: 'US' };
export const pendingJob = { ...common, status: 'pending', ...asked };
export const doneJob = {
  ...common,
  status: 'done',
  ...asked,
  result: {
    scraper: 'chatgpt',
    status: 'done',
    result: 'Marketers commonly recommend Mailchimp, HubSpot, and Klaviyo...',
    links: [{ url: 'https://www.mailchimp.com/', text: 'Mailchimp' }],
    search_queries: ['best email automation brands'],
    credits_used: 3,
    elapsed_ms: 8243.5,
    cached: false,
  },
  completed_at: '2026-05-11T12:00:18+00:00',
};
export const failedJob = {
  ...common,
  status: 'failed',
  error: 'execution failed',
  completed_at: '2026-05-11T12:01:45+00:00',
};

export function doneWith(result: unknown): typeof doneJob {
  return { ...doneJob, result: result as typeof doneJob.result };
}
