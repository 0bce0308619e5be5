import type { AccountBook } from '../activities/deps.ts';
import type { Account } from '../providers/account.ts';
import { DEFAULT_ACCOUNT } from '../contracts/ids.ts';
import type { ProviderName } from '../contracts/scrapers.ts';

/** The accounts of a configuration by name; `default` is the first one of a provider unless one has that name. */
export function createAccountBook(accounts: readonly Account[], simulated: boolean): AccountBook {
  const of = (provider: ProviderName): Account[] =>
    accounts.filter((account) => account.provider === provider);
  return {
    simulated,
    find: (provider, name) =>
      of(provider).find((account) => account.name === name) ??
      (name === DEFAULT_ACCOUNT ? of(provider)[0] : undefined),
    names: (provider) => of(provider).map(({ name }) => name),
  };
}

/** Every name that an account's queues are polled under: its own, and `default` if it is the default one. */
export function queueNames(book: AccountBook, account: Account): string[] {
  const isDefault = book.find(account.provider, DEFAULT_ACCOUNT)?.name === account.name;
  return isDefault && account.name !== DEFAULT_ACCOUNT ? [account.name, DEFAULT_ACCOUNT] : [account.name];
}
