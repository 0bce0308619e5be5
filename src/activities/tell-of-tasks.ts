import type { ActivityDeps } from './deps.ts';
import type { Clock } from '../lists/pace.ts';
import type { Submission } from '../contracts/journal.ts';
import type { Account } from '../providers/account.ts';
import type { ListedTask } from '../providers/provider.ts';
import type { HintBook } from './hint-book.ts';
import { keepListed } from './keep-listed.ts';

/** Signals a scrape that its task seems to have ended; false if no such scrape runs. Throws if it cannot be said. */
export type Hint = (scrapeId: string, taskId: string) => Promise<boolean>;

/**
 * Tells the scrapes of listed tasks, those of this store alone, each task once however often it is listed; one whose
 * answer was lost is kept as evidence first. `awaited`: how many of the listed tasks a running scrape waits for.
 */
export async function tellOfTasks(
  deps: ActivityDeps,
  run: Pick<Clock, 'now' | 'wall'> & { hint: Hint },
  book: HintBook,
  { account, tasks }: { account: Account; tasks: readonly ListedTask[] },
): Promise<{ hints: number; foreign: number; awaited: number }> {
  const listed = [...new Map(tasks.map((task) => [task.taskId, task])).values()];
  const own = listed.filter(({ tag }) => deps.store.journal.isOwn(tag));
  const due = own.filter(({ taskId }) => book.isDue(taskId, run.now()));
  let hints = 0;
  const known = new Map<string, Submission>();
  await inTurns([...new Set(due.map(({ tag }) => tag))], async (tag) => {
    const submission = await deps.store.journal.findByTag(tag);
    if (submission) known.set(tag, submission);
  });
  const shown = [...known].map(([tag, submission]) => ({
    submission,
    tasks: own.filter((task) => task.tag === tag),
  }));
  await keepListed(deps, account, shown, run.wall());
  await inTurns(due, async ({ taskId, tag }) => {
    const submission = known.get(tag);
    const receipt = submission?.receipt;
    // Collected already, or the second purchase under one tag, which the search reports: nobody waits for those.
    const isAwaited = submission && !submission.verdict && (!receipt || receipt.taskId === taskId);
    const heard = isAwaited ? await hintOrSkip(run.hint, submission.scrapeId, taskId) : false;
    if (heard === undefined) return;
    await deps.fault('collect:told');
    book.told(taskId, run.now(), heard);
    if (heard) hints += 1;
  });
  const awaited = own.filter(({ taskId }) => book.isAwaited(taskId)).length;
  return { hints, foreign: listed.length - own.length, awaited };
}

/** Undefined if Temporal could not be reached: the next list shows the task again. */
async function hintOrSkip(hint: Hint, scrapeId: string, taskId: string): Promise<boolean | undefined> {
  try {
    return await hint(scrapeId, taskId);
  } catch {
    return undefined;
  }
}

/** Signals that are on their way at once. */
const AT_ONCE = 16;

async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
}
