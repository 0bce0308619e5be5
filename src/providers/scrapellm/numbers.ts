/** A rating as people write it: 4.5, "4.5 out of 5", "4,5 von 5 Sternen". Undefined if there is none. */
export function parseRating(value: string | number | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const match = /\d+(?:[.,]\d+)?/.exec(value ?? '');
  return match ? Number(match[0].replace(',', '.')) : undefined;
}

/** A count as people write it: 1234, "1,234", "(1.234 ratings)", "1.2K". Undefined if there is none. */
export function parseCount(value: string | number | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
  const short = /(\d+(?:[.,]\d+)?)\s?([km])\b/i.exec(value ?? '');
  if (short?.[1]) {
    const unit = short[2]?.toLowerCase() === 'k' ? 1_000 : 1_000_000;
    return Math.round(Number(short[1].replace(',', '.')) * unit);
  }
  // Groups of three after a comma, a dot, an apostrophe or a space are one number.
  const match = /\d+(?:[.,'’\s]\d{3})*/.exec(value ?? '');
  return match ? Number(match[0].replace(/\D/g, '')) : undefined;
}

/** Credits as a result states them; undefined unless it is a whole number from 0. */
export function parseCredits(value: string | number | undefined): number | undefined {
  const credits = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
  return typeof credits === 'number' && Number.isSafeInteger(credits) && credits >= 0 ? credits : undefined;
}
