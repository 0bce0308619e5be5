import type { AccountCaps } from '../contracts/caps.ts';
import type { ProviderName } from '../contracts/scrapers.ts';
import type { ProviderAccount } from './provider.ts';

/** A provider credential and the provider it is for. */
export interface Account extends ProviderAccount {
  provider: ProviderName;
  /** Overrides of the provider's own limits. */
  submitsPerSecond?: number;
  readsPerSecond?: number;
  /** What may be spent on it in a day and in a month, whatever buys. */
  caps?: AccountCaps;
}

/** Where an account's calls go, as the journal names it. A simulator may come up on another port. */
export function endpointOf({ simulated, baseUrl }: Account): string {
  return simulated ? 'simulator' : new URL(baseUrl).origin;
}
