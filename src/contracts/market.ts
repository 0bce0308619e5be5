/** A market as people write it: `US/en`, `us`, `DE/de-AT`. */
export interface Market {
  /** ISO 3166-1 alpha-2, upper case. */
  country: string;
  /** BCP 47 tag, lower-case language; absent if not given. */
  language?: string;
}

export const DEFAULT_MARKET = 'US/en';

/** Reads `country[/language]`; undefined if it has another form. */
export function parseMarket(text: string): Market | undefined {
  const match = /^([A-Za-z]{2})(?:\/([A-Za-z]{2,3})(-[A-Za-z0-9]{2,8})?)?$/.exec(text.trim());
  if (!match?.[1]) return undefined;
  const country = match[1].toUpperCase();
  return match[2] ? { country, language: match[2].toLowerCase() + (match[3] ?? '') } : { country };
}

export function formatMarket(market: Market): string {
  return market.language ? `${market.country}/${market.language}` : market.country;
}
