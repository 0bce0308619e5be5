import type { Account } from '../providers/account.ts';
import type { Http } from '../providers/http.ts';
import type { HttpReply, PriceList } from '../providers/provider.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import { gateKeyOf } from './purchase.ts';

/**
 * What accounts really pay, where their provider tells it by a free call. One book per worker process; it asks when somebody
 * buys and never else.
 */
export interface PriceBook {
  /**
   * The prices to reckon with, asked for again when those that are known are old. Never throws: without an answer the last
   * ones count, or none, which means the documented ones.
   */
  of(account: Account): Promise<PriceList>;
  /** The same without asking anybody. */
  known(account: Account): PriceList;
  /** Takes the prices out of an answer to the free call that somebody else made; false if there are none in it. */
  learn(account: Account, reply: HttpReply): boolean;
}

/** How long prices count before they are asked for again: seldom enough for thirty processes at 6 calls a minute. */
const FRESH_MS = 5 * 60_000;
/** From a call that brought none to the next. */
const RETRY_MS = 60_000;
const TIMEOUT_MS = 10_000;
/** Of the 6 calls a minute one is left to `gleaner doctor` and the like. */
const AT_ONCE = 5;
const SPREAD_MS = 3 * 60_000;

interface Page {
  latest: PriceList;
  before: PriceList;
  askAgainAt: number;
  asking?: Promise<void>;
}

/**
 * `now`: a clock that only moves forward, milliseconds. `workers`: how many processes ask for the same account; more than the
 * limit allows in a minute begin at a random time of the first minutes, and reckon with the documented prices before it.
 */
export function createPriceBook(http: Pick<Http, 'send'>, now: () => number, workers = 1): PriceBook {
  const beginAt = workers > AT_ONCE ? now() + Math.random() * SPREAD_MS : -Infinity;
  const pages = new Map<string, Page>();
  const pageOf = (account: Account): Page => {
    const key = gateKeyOf(account);
    const page = pages.get(key) ?? { latest: {}, before: {}, askAgainAt: beginAt };
    pages.set(key, page);
    return page;
  };
  const learn = (account: Account, reply: HttpReply): boolean => {
    const prices = PROVIDERS_BY_NAME[account.provider].readPrices?.(reply);
    if (!prices) return false;
    const page = pageOf(account);
    page.before = page.latest;
    page.latest = prices;
    page.askAgainAt = now() + FRESH_MS;
    return true;
  };
  const ask = async (account: Account, page: Page): Promise<void> => {
    page.askAgainAt = now() + RETRY_MS;
    const request = PROVIDERS_BY_NAME[account.provider].probeRequest(account);
    const outcome = await http.send(request, { fresh: false, timeoutMs: TIMEOUT_MS });
    if (outcome.kind === 'reply') learn(account, outcome.reply);
  };
  const known = (account: Account): PriceList => {
    const { latest, before } = pageOf(account);
    return dearer(latest, before);
  };
  return {
    known,
    learn,
    async of(account) {
      if (!PROVIDERS_BY_NAME[account.provider].readPrices) return {};
      const page = pageOf(account);
      if (!page.asking && now() >= page.askAgainAt) {
        page.asking = ask(account, page).finally(() => delete page.asking);
      }
      await page.asking;
      return known(account);
    },
  };
}

/** A price that fell counts once two readings say so: what is charged next may still go by the one before. */
function dearer(latest: PriceList, before: PriceList): PriceList {
  const names = new Set([...Object.keys(latest), ...Object.keys(before)]);
  return Object.fromEntries([...names].map((name) => [name, Math.max(latest[name] ?? 0, before[name] ?? 0)]));
}
