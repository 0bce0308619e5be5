import type { Guard } from './guards.ts';

const CAP = 'test/activities/account-cap.test.ts';
const HOSTILE_CAP = 'test/activities/cap-hostile.test.ts';
const RESET_MONEY = 'test/workflows/reset-money.server.test.ts';
const CEILING = 'test/activities/submit-ceiling.test.ts';

/** What keeps spend under caps and ceilings; as the others. */
export const MONEY_GUARDS: readonly Guard[] = [
  {
    name: 'cap of an account, one purchase',
    without: 'scrapes are bought past the cap of their account',
    file: 'src/activities/submit.ts',
    from: 'const grant = await reserveOne(deps, { purchase, ...one });',
    to: 'const grant = undefined;',
    tests: [CAP],
  },
  {
    name: 'cap of an account, a page',
    without: 'a page buys tasks that its account has no money for',
    file: 'src/activities/fund-page.ts',
    from: "if (!one || one.kind === 'short') return [];",
    to: 'if (!one) return [];',
    tests: [CAP],
  },
  {
    name: 'cap of an account, its day',
    without: 'a purchase that begins after midnight is counted in the day before',
    file: 'src/activities/submit.ts',
    from: 'if (!grant || deps.caps.isOfDay(grant, Date.parse(intent.createdAt))) return { intent, grant };',
    to: 'return { intent, grant };',
    tests: [HOSTILE_CAP],
  },
  {
    name: 'cap of an account, place taken',
    without: 'a worker that stood still buys with money that others have got since',
    file: 'src/ledger/recount.ts',
    from:
      "    await deps.journal.createIntent(placeHolder(deps, where, open, grant));\n    await deps.fault('cap:taken-back');\n" +
      '    said = countUse(use, grant, await deps.journal.read(use.scrapeId, use.n));',
    to: "    said = { kind: 'settled', charge: {} };",
    tests: [HOSTILE_CAP],
  },
  {
    name: 'cap of an account, dearer try',
    without: 'a dear purchase is made with the money that was reserved for a cheap one',
    file: 'src/ledger/cap-book.ts',
    from: 'if (standing && isFree(withoutCharge(use.bound, standing.use.bound)))',
    to: 'if (standing)',
    tests: ['test/ledger/cap-book.test.ts', HOSTILE_CAP],
  },
  {
    name: 'cap of an account, bought without it',
    without: 'a cap that was taken out and put back forgets what was bought in between',
    file: 'src/ledger/account-desk.ts',
    from: 'if (this.#isCounted) return book;',
    to: 'if (this.#isCounted || book.n > 0) return book;',
    tests: [CAP, HOSTILE_CAP],
  },
  {
    name: 'limit of one purchase',
    without: 'a purchase is sent that may cost more than its maxCharge',
    file: 'src/activities/within-limits.ts',
    from: 'assertWithinMaxCharge(ref, input, bound);',
    to: '',
    tests: [CEILING],
  },
  {
    name: 'ceiling of a batch, a scrape by itself',
    without: 'a scrape that is started by its id is bought past the ceiling of its batch',
    file: 'src/activities/submit.ts',
    from: 'if (byItself) await assertHasShare(deps, ref, purchase.bound);',
    to: '',
    tests: [CEILING],
  },
  {
    name: 'ceiling of a batch, what it has cost',
    without: 'a batch that is started again spends its ceiling again',
    file: 'src/activities/load-page.ts',
    from: 'spent = addCharges(spent, countsAgainstCeiling(spendOf(submissions)));',
    to: '',
    tests: ['test/activities/load-page.test.ts'],
  },
  {
    name: 'ceiling of a batch, refused for good',
    without: 'a worker that stood still buys what the batch has refused',
    file: 'src/activities/conclude.ts',
    from: 'await recall(deps, { ref, input, n: nextSubmission(await journal.readAll(ref.scrapeId)) });',
    to: '',
    tests: ['test/activities/conclude.test.ts'],
  },
  {
    name: 'retry, one submission',
    without: 'a retry of what fails again buys it twice',
    file: 'src/workflows/scrape.ts',
    from: 'this.maxSubmissions = input.retry?.from ?? input.maxSubmissions ?? DEFAULT_MAX_SUBMISSIONS;',
    to: 'this.maxSubmissions = (input.maxSubmissions ?? DEFAULT_MAX_SUBMISSIONS) + (input.retry?.from ?? 0);',
    tests: ['test/client/retry.server.test.ts'],
  },
  {
    name: 'ceiling after a reset to a later point',
    without: 'what its run before began since is not counted, and its money is granted to others',
    file: 'src/workflows/purse.ts',
    from: 'if (!ceiling || isStopped()) return undefined;',
    to: 'if (!ceiling || !isStopped()) return undefined;',
    tests: [RESET_MONEY],
  },
  {
    name: 'ceiling after a second reset',
    without: 'what was begun between two resets is not counted',
    file: 'src/workflows/purse.ts',
    from: 'if (this.#countedBy.at(-1) === workflowInfo().runId) return undefined;',
    to: 'if (this.#countedBy.length > 0) return undefined;',
    tests: [RESET_MONEY],
  },
  {
    name: 'ceiling after a reset, what waited at it',
    without: 'what waited for money at the point of a reset and got it later is not counted',
    file: 'src/workflows/purse.ts',
    from: '[...this.#asking, ...todo]',
    to: 'todo',
    tests: [RESET_MONEY],
  },
  {
    name: 'ceiling after two resets, set aside once',
    without: 'money is set aside twice for one scrape, and others are refused for it',
    file: 'src/workflows/purse.ts',
    from: 'this.#budget.settle(this.#begun.get(scrapeId) ?? {}, {});',
    to: '',
    tests: [RESET_MONEY],
  },
  {
    name: 'ceiling after a reset, what runs',
    without: 'no money is kept for a scrape of the run before that may still buy',
    file: 'src/activities/read-begun.ts',
    from: "if (standing === 'open') begun.scrapes.push({ scrapeId, mayCost: addCharges(since, bound) });\n      else if",
    to: 'if',
    tests: ['test/activities/read-begun.test.ts'],
  },
  {
    name: 'a cancel after a reset',
    without: 'a paid scrape of the run before is recorded as never begun',
    file: 'src/workflows/partition.ts',
    from: "(this.#input.reset || wasReset('stop'))",
    to: 'this.#input.reset',
    tests: [RESET_MONEY],
  },
];
