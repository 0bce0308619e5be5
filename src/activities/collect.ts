import { everWanted, lastWantedMs, wantedScrapers } from '../contracts/collector.ts';
import type { CollectorInput, CollectorWishes } from '../contracts/collector.ts';
import type { Scraper } from '../contracts/scrapers.ts';
import { paceOf } from '../lists/pace.ts';
import type { Clock } from '../lists/pace.ts';
import type { Account } from '../providers/account.ts';
import type { HttpReply, ReadyList, ReadyListAnswer, ReadyListProtocol } from '../providers/provider.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import { asCallFailures, callFailure } from './free-calls.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';
import type { HintBook } from './hint-book.ts';
import { ListPlan } from './list-plan.ts';
import { collectorAccount } from './purchase.ts';
import { tellOfTasks } from './tell-of-tasks.ts';
import type { Hint } from './tell-of-tasks.ts';

export interface CollectInput extends CollectorInput {
  wishes: CollectorWishes;
}

/** What a run did, for the UI, and whether the collector may end. */
export interface CollectResult {
  calls: number;
  hints: number;
  /** Posts that are made again. */
  resent: number;
  /** Listed tasks that are not this store's; they are counted and never asked for. */
  foreign: number;
  nobodyWaits: boolean;
  /** How many signals this run knew of: with more of them somebody waits after all. */
  signals: number;
}

/** What a run needs of Temporal. */
export interface CollectorRun extends Clock {
  /** 1, or more after an earlier run of this activity that may still be going on somewhere. */
  attempt: number;
  /** What the collector is wanted for now; undefined if nobody can say. */
  wishes(): Promise<CollectorWishes | undefined>;
  hint: Hint;
  /** Has posts made again that did not arrive; how many. Never throws. */
  resendPosts(scrapers: readonly Scraper[]): Promise<number>;
  /** Whether a scrape of these runs at all. */
  isAnybodyWaiting(scrapers: readonly Scraper[]): Promise<boolean>;
}

/**
 * Reads ready lists as fast as the provider allows and tells the scrapes whose tasks are in them, for some minutes. With
 * nothing wanted for the moment it reads nothing and stays, since scrapes that wait for their turn will buy again. It
 * buys nothing, and writes down only what it sees of purchases whose answer was lost (keep-listed.ts): a kill at any point
 * costs the time until the next run, which sees and tells of everything that is listed still; a kill between a hint and its
 * note in the book (`collect:told`) costs one hint more, which causes one look at most.
 * Trouble with the account or the call is thrown, so that the pending activity says it; the retry is the next probe.
 */
export async function collect(
  deps: ActivityDeps,
  input: CollectInput,
  run: CollectorRun,
  book: HintBook,
): Promise<CollectResult> {
  return asFailures(async () => {
    const account = collectorAccount(deps, input);
    const protocol = PROVIDERS_BY_NAME[input.provider].readyLists;
    const result: CollectResult = {
      calls: 0,
      hints: 0,
      resent: 0,
      foreign: 0,
      nobodyWaits: false,
      signals: 0,
    };
    if (!protocol) return { ...result, nobodyWaits: true, signals: input.wishes.signals };
    const pace = paceOf(run, protocol.callsPerMinute);
    const plan = new ListPlan(protocol, deps.callbacksFor !== undefined);
    const endsAt = run.now() + deps.collecting.runMs;
    // A run that follows trouble asks first: with the account blocked it would never come to it.
    let asksAt = run.now() + (run.attempt > 1 ? 0 : deps.collecting.idleCheckMs);
    let { wishes } = input;
    for (;;) {
      await asCallFailures(deps, account, 'ready list', () => pace.turn());
      wishes = (await run.wishes()) ?? wishes;
      const scrapers = wantedScrapers(wishes, run.wall());
      const ended = { ...result, signals: wishes.signals };
      if (run.wall() - lastWantedMs(wishes) >= deps.collecting.lingerMs)
        return { ...ended, nobodyWaits: true };
      if (scrapers.length > 0 && run.now() >= endsAt) return ended;
      if (run.now() >= asksAt) {
        asksAt = run.now() + deps.collecting.idleCheckMs;
        const isQuiet = run.wall() - Date.parse(wishes.lastSignalAt) >= deps.collecting.quietMs;
        const isOver = isQuiet && !(await run.isAnybodyWaiting(everWanted(wishes)));
        if (isOver) return { ...ended, nobodyWaits: true };
      }
      if (scrapers.length === 0) {
        pace.called(); // nothing was; it goes on asking what is wanted
        continue;
      }
      const lists = plan.next(scrapers, run.now());
      const answers = await Promise.all(lists.map((list) => readList(deps, protocol, list, account)));
      pace.called();
      result.calls += lists.length;
      await deps.fault('collect:listed');
      let trouble: Error | undefined;
      for (const { list, answer } of answers) {
        if (answer instanceof Error) {
          trouble ??= answer;
          continue;
        }
        const told = await tellOfTasks(deps, run, book, { account, tasks: answer.tasks });
        plan.seen(list, told.awaited, answer.full);
        result.hints += told.hints;
        result.foreign += told.foreign;
      }
      if (trouble) throw trouble;
      result.resent += await run.resendPosts(scrapers);
    }
  });
}

type Listed = Extract<ReadyListAnswer, { kind: 'listed' }>;

async function readList(
  deps: ActivityDeps,
  protocol: ReadyListProtocol,
  list: ReadyList,
  account: Account,
): Promise<{ list: ReadyList; answer: Listed | Error }> {
  const outcome = await deps.http.send(protocol.listRequest(list, account), {
    fresh: false,
    timeoutMs: LIST_TIMEOUT_MS,
  });
  if (outcome.kind !== 'reply') {
    return { list, answer: failure('NetworkError', outcome.message, { retryAfterMs: NETWORK_RETRY_MS }) };
  }
  return { list, answer: readAnswer(deps, protocol, list, account, outcome.reply) };
}

function readAnswer(
  deps: ActivityDeps,
  protocol: ReadyListProtocol,
  list: ReadyList,
  account: Account,
  reply: HttpReply,
): Listed | Error {
  const answer = protocol.readList(reply);
  return answer.kind === 'listed' ? answer : callFailure(deps, account, `ready list ${list.id}`, answer);
}

const LIST_TIMEOUT_MS = 30_000;
const NETWORK_RETRY_MS = 10_000;
