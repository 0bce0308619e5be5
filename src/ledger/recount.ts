import type { CapMonth, SettledUse } from '../contracts/caps.ts';
import type { Intent } from '../contracts/journal.ts';
import type { CapDeskDeps } from './account-desk.ts';
import { useKey } from './cap-book.ts';
import type { OpenUse } from './cap-book.ts';
import { countUse } from './count-use.ts';

/** What the journal says of uses that nobody settled. */
export interface Recount {
  settled: SettledUse[];
  /** Until when the money of the others may come back by itself, milliseconds since the epoch, by `useKey`. */
  returnsBy: Map<string, number>;
}

/** Enough to hide a disk's latency. */
const AT_ONCE = 16;

/**
 * Counts uses by the journal. One that was reserved a while ago and never begun belongs to a process that died or stands
 * still: its place in the journal is taken, exclusively, so that it finds nothing to begin when it wakes up; only then its
 * money is free. A kill in between leaves the place taken and the money reserved, which the next count gives back.
 */
export async function recount(
  deps: CapDeskDeps,
  where: CapMonth,
  uses: readonly OpenUse[],
): Promise<Recount> {
  const counted: Recount = { settled: [], returnsBy: new Map() };
  const todo = [...uses];
  const one = async (): Promise<void> => {
    for (let next = todo.shift(); next; next = todo.shift()) await count(deps, where, next, counted);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, todo.length) }, one));
  return counted;
}

async function count(deps: CapDeskDeps, where: CapMonth, open: OpenUse, counted: Recount): Promise<void> {
  const { line, index, use } = open;
  const grant = `${where.month}/${line}`;
  const overAt = Date.parse(open.at) + deps.timing.graceMs;
  let said = countUse(use, grant, await deps.journal.read(use.scrapeId, use.n));
  if (said.kind === 'unused' && overAt <= Date.now()) {
    await deps.journal.createIntent(placeHolder(deps, where, open, grant));
    await deps.fault('cap:taken-back');
    said = countUse(use, grant, await deps.journal.read(use.scrapeId, use.n));
  }
  if (said.kind === 'settled') {
    const { charge, doubtful } = said;
    counted.settled.push({ line, index, charge, ...(doubtful && { doubtful }) });
  } else counted.returnsBy.set(useKey(open), said.kind === 'open' ? said.settledBy : overAt);
}

/** Names the scrape without its prompt, which only its own worker knows. */
function placeHolder(deps: CapDeskDeps, where: CapMonth, { use }: OpenUse, grant: string): Intent {
  const now = new Date().toISOString();
  const { scrapeId, n, ref, fingerprint } = use;
  return {
    scrapeId,
    n,
    try: use.try,
    tag: deps.journal.tag(scrapeId, n),
    fingerprint,
    ref,
    request: { scraper: ref.scraper, prompt: '', market: ref.market, params: {} },
    account: where.account,
    endpoint: 'none',
    bound: {},
    nonce: crypto.randomUUID(),
    createdAt: now,
    sendBy: now,
    settledBy: now,
    withdrawn: true,
    grant,
  };
}
