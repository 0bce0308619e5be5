/** An amount in the units providers bill in. Absent means none, and every number is a whole one. */
export interface Charge {
  credits?: number;
  /** Millionths of a US dollar. */
  usdMicros?: number;
}

/** The units of a charge; they are never converted into each other to decide anything. */
export const CURRENCIES = ['credits', 'usdMicros'] as const satisfies ReadonlyArray<keyof Charge>;

const MICROS_PER_USD = 1_000_000;
/** A billion dollars: far above, a number cannot hold six decimals any more. */
const MAX_MICROS = 1e15;

export function addCharges(...charges: Charge[]): Charge {
  const sum: Charge = {};
  for (const charge of charges) {
    if (charge.credits) sum.credits = (sum.credits ?? 0) + charge.credits;
    if (charge.usdMicros) sum.usdMicros = (sum.usdMicros ?? 0) + charge.usdMicros;
  }
  return sum;
}

/** What is left of a charge without `part`; in no currency below nothing. */
export function withoutCharge(charge: Charge, part: Charge): Charge {
  const rest: Charge = {};
  for (const currency of CURRENCIES) {
    const amount = (charge[currency] ?? 0) - (part[currency] ?? 0);
    if (amount > 0) rest[currency] = amount;
  }
  return rest;
}

export function isFree(charge: Charge): boolean {
  return !charge.credits && !charge.usdMicros;
}

/** Dollars as people give them, in micro-dollars; undefined below zero and with more than 6 decimals. */
export function toMicros(usd: number): number | undefined {
  const micros = Math.round(usd * MICROS_PER_USD) + 0; // no -0
  // Dividing gives the double that is nearest to the decimal number, which is what 6 decimals were read as.
  return micros >= 0 && micros <= MAX_MICROS && micros / MICROS_PER_USD === usd ? micros : undefined;
}

/** The inverse of `toMicros`, exact. */
export function toUsd(usdMicros: number): number {
  return usdMicros / MICROS_PER_USD;
}

/** For people: `3 credits`, `$0.0012`, `3 credits + $0.0012`, `nothing`. */
export function formatCharge(charge: Charge): string {
  const parts: string[] = [];
  if (charge.credits) parts.push(formatCredits(charge.credits));
  if (charge.usdMicros) parts.push(formatUsd(charge.usdMicros));
  return parts.length === 0 ? 'nothing' : parts.join(' + ');
}

/** Reads what `formatCharge` writes, and zeros too; undefined if it is something else. */
export function parseCharge(text: string): Charge | undefined {
  const charge: Charge = {};
  for (const part of text.split('+')) {
    const [, usd, credits] = /^(?:\$(\d+(?:\.\d+)?)|(\d+) credits?)$/.exec(part.trim()) ?? [];
    const [currency, amount] =
      usd === undefined
        ? (['credits', Number(credits)] as const)
        : (['usdMicros', toMicros(Number(usd))] as const);
    if (amount === undefined || !Number.isSafeInteger(amount) || charge[currency] !== undefined)
      return undefined;
    charge[currency] = amount;
  }
  return charge;
}

export function formatCredits(credits: number): string {
  return credits === 1 ? '1 credit' : `${credits} credits`;
}

/** At least the cents, and as many more decimals as there are. */
export function formatUsd(usdMicros: number): string {
  return `$${toUsd(usdMicros)
    .toFixed(6)
    .replace(/0{1,4}$/, '')}`;
}

/** Both currencies as one amount of dollars, at what a credit costs; undefined if that is not known and needed. */
export function totalUsdMicros(
  { credits = 0, usdMicros = 0 }: Charge,
  usdPerCredit: number | undefined,
): number | undefined {
  if (credits === 0) return usdMicros;
  return usdPerCredit === undefined
    ? undefined
    : usdMicros + Math.round(credits * usdPerCredit * MICROS_PER_USD);
}
