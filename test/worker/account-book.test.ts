import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/providers/account.ts';
import { createAccountBook, queueNames } from '../../src/worker/account-book.ts';

function account(name: string): Account {
  return {
    provider: 'scrapellm',
    name,
    baseUrl: 'https://provider.example',
    secret: 'x',
    simulated: false,
    timeScale: 1,
  };
}

describe('the accounts of a worker', () => {
  it('serve a scrape that names none by the one called default, else by the first', () => {
    const named = createAccountBook([account('emea'), account('default')], false);
    expect(named.find('scrapellm', 'default')?.name).toBe('default');
    const first = createAccountBook([account('emea'), account('apac')], false);
    expect(first.find('scrapellm', 'default')?.name).toBe('emea');
  });

  it('are not mixed up: an unknown name is served by nobody', () => {
    const book = createAccountBook([account('emea')], false);
    expect(book.find('scrapellm', 'apac')).toBeUndefined();
  });

  it('are polled under their own name, the default one also as default, so that its limit holds once', () => {
    const [emea, apac] = [account('emea'), account('apac')];
    const book = createAccountBook([emea, apac], false);
    expect(queueNames(book, emea)).toEqual(['emea', 'default']);
    expect(queueNames(book, apac)).toEqual(['apac']);
    const only = account('default');
    expect(queueNames(createAccountBook([only], false), only)).toEqual(['default']);
  });
});
