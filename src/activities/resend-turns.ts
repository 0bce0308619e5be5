import type { CollectorInput } from '../contracts/collector.ts';
import type { Scraper } from '../contracts/scrapers.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import type { ActivityDeps } from './deps.ts';
import type { Clock } from '../lists/pace.ts';
import { resendPostbacks } from './resend-postbacks.ts';

/** A list of failed calls may be asked for ten times a minute. */
const GAP_MS = 60_000;
/** What failed before this process began to look; what is older is in a ready list for long. */
const FIRST_LOOK_BACK_MS = 600_000;

/**
 * Has posts made again that did not arrive, once a minute for as long as somebody waits: a task whose post failed is in a
 * ready list too, but a list that is full of others' tasks does not show it. What it remembers is lost with its process,
 * which costs a few calls.
 */
export class ResendTurns {
  readonly #next = new Map<string, { since: string; atMs: number }>();

  /** How many posts will be made again; nothing is asked where providers post nothing to us. Never throws. */
  async take(
    deps: ActivityDeps,
    { provider, account }: CollectorInput,
    scrapers: readonly Scraper[],
    clock: Pick<Clock, 'now' | 'wall'>,
  ): Promise<number> {
    const protocol = PROVIDERS_BY_NAME[provider].webhooks;
    if (!protocol || !deps.callbacksFor) return 0;
    let count = 0;
    for (const family of new Set(scrapers.map((scraper) => protocol.familyOf(scraper)))) {
      const key = [provider, account, family].join(' ');
      const { since, atMs } = this.#next.get(key) ?? {
        since: new Date(clock.wall() - FIRST_LOOK_BACK_MS).toISOString(),
        atMs: clock.now(),
      };
      if (clock.now() < atMs) continue;
      // Trouble with the account is for the ready lists to tell, which are read beside.
      const { next, resent } = await resendPostbacks(deps, { provider, account, family, since }).catch(
        () => ({
          next: since,
          resent: 0,
        }),
      );
      this.#next.set(key, { since: next, atMs: clock.now() + GAP_MS });
      count += resent;
    }
    return count;
  }
}
