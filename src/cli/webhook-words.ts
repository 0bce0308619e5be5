import { parseScraper, splitScraper } from '../contracts/scrapers.ts';
import type { Config } from '../config/config.ts';
import { defaultWindow } from '../providers/default-window.ts';
import { PROVIDERS_BY_NAME, providerOf } from '../providers/registry.ts';
import { readUpRecord } from './up-record.ts';

/** Why nobody could call a receiver here; undefined if somebody can. */
export function webhooksProblem(
  config: Pick<Config, 'accounts' | 'simulated' | 'webhookUrl'>,
): string | undefined {
  if (!config.accounts.some(({ provider }) => PROVIDERS_BY_NAME[provider].webhooks)) {
    return '--webhooks: no account here is of a provider that calls back; DataForSEO does, so set DATAFORSEO_LOGIN and DATAFORSEO_PASSWORD';
  }
  if (config.webhookUrl === undefined && !config.simulated) {
    return '--webhooks: set GLEANER_WEBHOOK_URL to the https:// address at which the provider reaches this machine';
  }
  return undefined;
}

/** "If you set more than 1,000 tasks a minute, use pingbacks or postbacks" (DataForSEO, tasks_ready and help center). */
const LISTS_ARE_ENOUGH_TO = 1_000;

/**
 * What to say before a batch that may buy more tasks in a minute than its provider's lists are meant for; undefined if it
 * does not, or if the provider calls us anyway. As many tasks as may be open at once can be bought in one minute.
 */
export function webhookAdvice(
  scrapers: readonly string[],
  {
    window = defaultWindow(scrapers),
    listening = false,
    simulated = false,
  }: { window?: number | undefined; listening?: boolean; simulated?: boolean },
): string | undefined {
  if (listening) return undefined;
  const called = scrapers.flatMap((name) => {
    const parsed = parseScraper(name);
    return parsed.ok && providerOf(parsed.scraper).webhooks ? [parsed.scraper] : [];
  });
  const [first] = called;
  const aMinute = Math.min(called.length, window);
  if (first === undefined || aMinute <= LISTS_ARE_ENOUGH_TO) return undefined;
  const run = simulated ? 'Run' : 'Set GLEANER_WEBHOOK_URL and run';
  return (
    `up to ${aMinute} tasks a minute: above ${LISTS_ARE_ENOUGH_TO} ${splitScraper(first).provider} recommends postbacks ` +
    `instead of its lists. ${run} "gleaner up --webhooks" (docs/operations.md); without, results are found later, and ` +
    `none is lost`
  );
}

/** Whether purchases name a receiver: by our own address, or because the `gleaner up` of this home listens. */
export async function isListening({
  webhookUrl,
  stateFolder,
}: Pick<Config, 'webhookUrl' | 'stateFolder'>): Promise<boolean> {
  return webhookUrl !== undefined || (await readUpRecord(stateFolder))?.webhooks !== undefined;
}
