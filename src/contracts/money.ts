/** An amount in the units providers bill in. Absent means none, and every number is a whole one. */
export interface Charge {
  credits?: number;
  /** Millionths of a US dollar. */
  usdMicros?: number;
}

export function addCharges(...charges: Charge[]): Charge {
  const sum: Charge = {};
  for (const charge of charges) {
    if (charge.credits) sum.credits = (sum.credits ?? 0) + charge.credits;
    if (charge.usdMicros) sum.usdMicros = (sum.usdMicros ?? 0) + charge.usdMicros;
  }
  return sum;
}

export function isFree(charge: Charge): boolean {
  return !charge.credits && !charge.usdMicros;
}

/** For people: `3 credits`, `$0.0012`, `3 credits + $0.0012`, `nothing`. */
export function formatCharge(charge: Charge): string {
  const parts: string[] = [];
  if (charge.credits) parts.push(charge.credits === 1 ? '1 credit' : `${charge.credits} credits`);
  if (charge.usdMicros) parts.push(`$${(charge.usdMicros / 1_000_000).toFixed(6).replace(/0{1,4}$/, '')}`);
  return parts.length === 0 ? 'nothing' : parts.join(' + ');
}
