/** A guard and how to take it out: the exact text in a file, what stands there instead, and the quick tests that must see it. */
export interface Guard {
  name: string;
  /** What goes wrong in the world without it. */
  without: string;
  file: string;
  from: string;
  to: string;
  tests: readonly string[];
}

const SUBMIT = 'test/activities/submit.test.ts';
const PAGE = 'test/activities/submit-page.test.ts';

/** Removed one at a time. Each `from` stands exactly once in its file. */
export const GUARDS: readonly Guard[] = [
  {
    name: 'journal read',
    without: 'a purchase that is on record is made again',
    file: 'src/activities/submit.ts',
    from: 'const submissions = await deps.store.journal.readAll(ref.scrapeId);',
    to: 'const submissions: Awaited<ReturnType<typeof deps.store.journal.readAll>> = [];',
    tests: [SUBMIT],
  },
  {
    name: 'journal read, of a page',
    without: 'a page buys again what is on record',
    file: 'src/activities/page-row.ts',
    from: 'const submissions = await deps.store.journal.readAll(ref.scrapeId);',
    to: 'const submissions: Awaited<ReturnType<typeof deps.store.journal.readAll>> = [];',
    tests: [PAGE],
  },
  {
    name: 'open intent',
    without: 'what may have been bought by a dead worker is bought again',
    file: 'src/activities/submit-decision.ts',
    from: "if (doubtful) return { kind: 'open', intent: doubtful.intent };",
    to: '',
    tests: ['test/activities/submit-decision.test.ts', SUBMIT],
  },
  {
    name: 'exclusive create, in the store',
    without: 'of two workers that write an intent at once both believe it is theirs',
    file: 'src/store/file-object-store.ts',
    from: 'await link(temp, path);\n    return true;',
    to: 'await rename(temp, path);\n    return true;',
    tests: ['test/store/file-object-store.test.ts', 'test/store/journal.test.ts'],
  },
  {
    name: 'exclusive create, its answer',
    without: 'who lost the creation of the intent sends all the same',
    file: 'src/activities/submit.ts',
    from: 'if (!(await journal.createIntent(intent))) throw openIntentFailure(intent.ref, intent);',
    to: 'await journal.createIntent(intent);',
    tests: [SUBMIT],
  },
  {
    name: 'exclusive create, of a page',
    without: 'a page sends tasks whose intents are somebody else’s',
    file: 'src/activities/submit-page.ts',
    from: "if (own) return { kind: 'own', row, grant, intent };",
    to: "if (own || isWritten) return { kind: 'own', row, grant, intent };",
    tests: [PAGE],
  },
  {
    name: 'send-by',
    without: 'a request leaves after its intent was settled as not sent',
    file: 'src/activities/send-purchase.ts',
    from: "return late ? 'this machine paused too long before the request could begin' : undefined;",
    to: 'return late ? undefined : undefined;',
    tests: [SUBMIT, 'test/activities/submit-page-trouble.test.ts'],
  },
  {
    name: 'proof of absence: late enough',
    without: 'a list that lags proves that nothing was bought, and it is bought again',
    file: 'src/activities/search-decision.ts',
    from: 'sweep.complete && isLateEnough(sweep, settledMs, proof)',
    to: 'sweep.complete',
    tests: ['test/activities/search-decision.test.ts'],
  },
  {
    name: 'proof of absence: complete',
    without: 'half a list proves that nothing was bought',
    file: 'src/activities/search-decision.ts',
    from: 'sweep.complete && isLateEnough(sweep, settledMs, proof)',
    to: 'isLateEnough(sweep, settledMs, proof)',
    tests: ['test/activities/search-decision.test.ts'],
  },
  {
    name: 'proof of absence: rows without marks, clocks',
    without: 'a list with rows that may be ours, or of another time, proves that nothing was bought',
    file: 'src/activities/search-decision.ts',
    from: 'proofs.find((sweep) => doubtOf(sweep, intent, proof) === undefined)',
    to: 'proofs[0]',
    tests: ['test/activities/search-decision.test.ts'],
  },
  {
    name: 'proof of absence: whole window',
    without: 'a list of another time proves that nothing was bought',
    file: 'src/activities/search-decision.ts',
    from: '    Date.parse(sweep.from) <= Date.parse(intent.createdAt) - proof.windowMarginMs &&\n',
    to: '',
    tests: ['test/activities/search-decision.test.ts'],
  },
  {
    name: 'ceiling of a scrape',
    without: 'a scrape costs more than it may',
    file: 'src/activities/within-limits.ts',
    from: 'if (!ceiling || fitsUnder(bound, leftOf(ceiling, spent))) return;',
    to: 'if (ceiling ?? true) return;',
    tests: ['test/activities/submit-ceiling.test.ts'],
  },
  {
    name: 'ceiling of a batch',
    without: 'a batch starts more than its money pays for',
    file: 'src/ledger/ledger.ts',
    from: 'if (!fitsUnder(bound, leftUnder(ceiling, ledger))) return undefined;',
    to: '',
    tests: ['test/ledger/budget.test.ts', 'test/ledger/ledger.test.ts'],
  },
  {
    name: 'fingerprint',
    without: 'another prompt under a used id is answered with the old result',
    file: 'src/activities/same-scrape.ts',
    from: 'if (intent.fingerprint === fingerprint) return true;',
    to: 'if (intent.fingerprint || fingerprint) return true;',
    tests: [SUBMIT, PAGE],
  },
  {
    name: 'fingerprint of a batch',
    without: 'another manifest under a used name is taken for the old one',
    file: 'src/activities/plan-batch.ts',
    from: 'if (standing.fingerprint !== planned.manifest.fingerprint) {',
    to: 'if (standing.batchId !== planned.manifest.batchId) {',
    tests: ['test/activities/plan-batch.test.ts'],
  },
  {
    name: 'webhook token',
    without: 'anybody may post results',
    file: 'src/webhooks/admit.ts',
    from: 'if (!urls.isToken(tag, token)) return NO_SUCH_ADDRESS;',
    to: '',
    tests: ['test/webhooks/receiver.test.ts'],
  },
  {
    name: 'mark inside a post',
    without: 'the result of another task is taken for ours',
    file: 'src/activities/posted-result.ts',
    from: 'postback?.taskId === taskId && postback.tag === tag',
    to: 'postback?.taskId === taskId',
    tests: ['test/activities/posted-result.test.ts'],
  },
  {
    name: 'limiter of lists',
    without: 'lists are read faster than the provider allows',
    file: 'src/lists/pace.ts',
    from: 'const gapMs = Math.ceil(60_000 / callsPerMinute) + 1;',
    to: 'const gapMs = Math.ceil(30_000 / callsPerMinute);',
    tests: ['test/activities/collect.test.ts', 'test/activities/sweep.test.ts'],
  },
  {
    name: 'limiter of purchases',
    without: 'purchases leave faster than the account allows',
    file: 'src/worker/create-workers.ts',
    from: 'maxTaskQueueActivitiesPerSecond: submitsPerSecond,',
    to: '',
    tests: ['test/workflows/rate-limit.server.test.ts'],
  },
  {
    name: 'retention',
    without: 'a paid result is given up while it can still be had',
    file: 'src/activities/observe.ts',
    from: 'if (lateBy > DATE_HEADER_SLACK_MS) return expire(answer.message);',
    to: 'if (lateBy < Number.POSITIVE_INFINITY) return expire(answer.message);',
    tests: ['test/activities/check.test.ts'],
  },
  {
    name: 'binding of account and endpoint',
    without: 'a scrape goes on at another account, where its purchase is not known',
    file: 'src/activities/purchase.ts',
    from: 'if (begun.account === account.name && begun.endpoint === endpoint) return;',
    to: 'if (begun.account !== "" || account.name !== "") return;',
    tests: [SUBMIT, 'test/activities/check.test.ts'],
  },
  {
    name: 'binding of store and namespace',
    without: 'a worker with an empty store buys everything again',
    file: 'src/client/binding-problem.ts',
    from: 'return storeProblem(sides) ?? namespaceProblem(sides);',
    to: 'return sides.store.location === "" ? storeProblem(sides) ?? namespaceProblem(sides) : undefined;',
    tests: ['test/client/binding-problem.test.ts'],
  },
  {
    name: 'withdrawn try',
    without: 'a worker that was frozen buys for a scrape that was cancelled',
    file: 'src/activities/recall.ts',
    from: 'const isOurs = await deps.store.journal.createIntent(withdrawal(deps, ref, asked, n, decision.try));',
    to: 'const isOurs = withdrawal(deps, ref, asked, n, decision.try) !== undefined;',
    tests: ['test/activities/recall.test.ts'],
  },
  {
    name: 'stop mark',
    without: 'a batch that was cancelled goes on buying for minutes',
    file: 'src/activities/submit.ts',
    from: 'if (stopped) throw stopped;',
    to: '',
    tests: [SUBMIT],
  },
];
