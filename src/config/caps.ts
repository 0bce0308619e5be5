import { z } from 'zod';
import type { AccountCaps } from '../contracts/caps.ts';
import { ceilingOf } from '../contracts/ceiling.ts';
import { dollars, wholeNumber } from '../contracts/schemas/fields.ts';
import type { Problem } from '../contracts/schemas/problems.ts';
import { SIMULATOR_ACCOUNT } from '../contracts/ids.ts';
import type { Account } from '../providers/account.ts';
import { ConfigError } from './config-error.ts';

/** By `provider/account`, as `config.json` has them. */
export type Caps = Record<string, z.infer<typeof capSchema>>;

const capSchema = z.strictObject(
  {
    dayCredits: wholeNumber(0).optional(),
    dayUsd: dollars().optional(),
    monthCredits: wholeNumber(0).optional(),
    monthUsd: dollars().optional(),
  },
  { error: 'must be an object such as {"dayCredits": 300, "monthUsd": 20}' },
);

export const capsSchema = z.record(z.string(), capSchema, {
  error: 'must be an object such as {"scrapellm/default": {"dayCredits": 300}}',
});

/** The fields of every cap that a file has, by the path inside its JSON. */
export function knownCapFields(file: unknown): Record<string, string[]> {
  const caps = z.looseObject({ caps: z.looseObject({}) }).safeParse(file).data?.caps ?? {};
  const fields = Object.keys(capSchema.shape);
  return Object.fromEntries(Object.keys(caps).map((name) => [`caps.${name}`, fields]));
}

/**
 * Gives accounts their caps. One that is for no account throws `ConfigError`, since somebody relies on it; but a file may
 * have caps of real accounts and of the simulator's, whichever of them serve.
 */
export function withCaps(accounts: readonly Account[], caps: Caps, simulated: boolean): Account[] {
  const names = accounts.map(nameOf);
  const problems = Object.keys(caps).flatMap((name): Problem[] => {
    const ofSimulator = name.endsWith(`/${SIMULATOR_ACCOUNT}`);
    if (names.includes(name) || ofSimulator !== simulated) return [];
    return [{ field: `caps.${name}`, message: `no such account; there is ${names.join(', ')}` }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return accounts.map((account) => {
    const own = caps[nameOf(account)];
    return own ? { ...account, caps: toCaps(own) } : account;
  });
}

function toCaps({ dayCredits, dayUsd, monthCredits, monthUsd }: Caps[string]): AccountCaps {
  const day = ceilingOf({ maxCredits: dayCredits, maxUsd: dayUsd });
  const month = ceilingOf({ maxCredits: monthCredits, maxUsd: monthUsd });
  return { ...(day && { day }), ...(month && { month }) };
}

function nameOf({ provider, name }: Account): string {
  return `${provider}/${name}`;
}
