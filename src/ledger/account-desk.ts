import type { AccountCaps, CapMonth, CapUse, SettledUse } from '../contracts/caps.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import type { Charge } from '../contracts/money.ts';
import type { CapLog, Journal } from '../store/store.ts';
import { EMPTY_BOOK, planLine, readLine, useKey, wouldFit } from './cap-book.ts';
import type { Answered, CapBook, CapTime } from './cap-book.ts';
import { openingLine, readUnreserved } from './opening.ts';
import { catchUp, readBook } from './read-book.ts';
import { recount } from './recount.ts';
import type { Recount } from './recount.ts';

/** What was reserved for one try. */
export interface Grant {
  /** As intents carry it: month and line. */
  id: string;
  month: string;
  day: string;
  line: number;
  index: number;
}

export type CapAnswer =
  | { kind: 'granted'; grant: Grant }
  /** No room. `mayReturn`: what others hold now may come back within a minute. `left`: in `period`. */
  | { kind: 'short'; period: 'day' | 'month'; cap: Ceiling; left: Ceiling; mayReturn: boolean };

export interface CapDeskDeps {
  caps: CapLog;
  journal: Pick<Journal, 'read' | 'createIntent' | 'tag' | 'tags' | 'findByTag'>;
  timing: CapTiming;
  fault: (point: 'cap:before-line' | 'cap:line-written' | 'cap:taken-back') => void | Promise<void>;
}

export interface CapTiming {
  /** How long who got money may take to begin its purchase before it may be taken back, milliseconds. */
  graceMs: number;
  /** Moves midnight, for tests. */
  dayShiftMs?: number;
}

/** Longer than a worker that died is waited for (10 s heartbeat), so that nobody who is alive is overtaken. */
export const CAP_TIMING: CapTiming = { graceMs: 30_000 };

interface Request {
  caps: AccountCaps;
  uses: readonly CapUse[];
  answer: (answers: CapAnswer[]) => void;
  fail: (error: unknown) => void;
}

/**
 * One account's log as one process sees it. Whoever asks while a line is being written shares the next one, so that a busy
 * account costs less than a line a purchase. The log is read when it is opened, when another process wrote the line
 * that this one wanted to write, and before anybody is told that there is no room.
 */
export class AccountDesk {
  readonly #deps: CapDeskDeps;
  readonly #account: { provider: string; account: string };
  #book: CapBook = EMPTY_BOOK;
  #month: string | undefined;
  /** What this process knows of uses that the log shows as open. */
  #settled = new Map<string, SettledUse>();
  /** Whether the log has what was bought beside it before this process began. */
  #isCounted = false;
  #queue: Request[] = [];
  #busy = false;

  constructor(deps: CapDeskDeps, account: { provider: string; account: string }) {
    this.#deps = deps;
    this.#account = account;
  }

  reserve(caps: AccountCaps, uses: readonly CapUse[]): Promise<CapAnswer[]> {
    return new Promise((answer, fail) => {
      this.#queue.push({ caps, uses, answer, fail });
      if (!this.#busy) void this.#serve();
    });
  }

  settle({ month, line, index }: Grant, charge: Charge): void {
    if (month === this.#month) this.#settled.set(useKey({ line, index }), { line, index, charge });
  }

  async #serve(): Promise<void> {
    this.#busy = true;
    for (let all = this.#queue.splice(0); all.length > 0; all = this.#queue.splice(0)) {
      const { caps } = all.at(-1) ?? { caps: {} };
      try {
        const answers = await this.#answers(
          caps,
          all.flatMap(({ uses }) => uses),
        );
        for (const { uses, answer } of all) answer(answers.splice(0, uses.length));
      } catch (error) {
        this.#month = undefined; // whatever was not written or not read, the log says
        for (const { fail } of all) fail(error);
      }
    }
    this.#busy = false;
  }

  async #answers(caps: AccountCaps, wanted: readonly CapUse[]): Promise<CapAnswer[]> {
    let looked: Recount | undefined;
    for (;;) {
      const nowMs = Date.now();
      const time = timeOf(nowMs, this.#deps.timing.dayShiftMs ?? 0);
      const { day } = time;
      const where = await this.#open(day.slice(0, 7));
      const settled = [...this.#settled.values()];
      const { line, answers } = planLine(this.#book, caps, { wanted, settled, time });
      if (!looked && answers.some(({ kind }) => kind === 'short')) {
        looked = await this.#look(where);
        continue;
      }
      if (line.uses.length > 0) {
        await this.#deps.fault('cap:before-line');
        const standing = await this.#deps.caps.append(where, line);
        this.#read(readLine(this.#book, standing));
        if (standing.nonce !== line.nonce) {
          looked = undefined;
          continue;
        }
        await this.#deps.fault('cap:line-written');
      }
      // Of a line that reserves nothing only what it would give back is of interest, and it is not written.
      const book = line.uses.length > 0 ? this.#book : readLine(this.#book, line);
      const returns = new Map<string, boolean>(); // thousands wait with a handful of different bounds
      return answers.map((answer, at) => {
        const bound = wanted[at]?.bound ?? {};
        const key = JSON.stringify(bound);
        return toAnswer(answer, { where, day }, () => {
          const said = returns.get(key) ?? mayReturn(book, caps, { day, bound, looked, nowMs });
          returns.set(key, said);
          return said;
        });
      });
    }
  }

  /** Opens the log of a month; what is known of another month's uses is that log's. */
  async #open(month: string): Promise<CapMonth> {
    const where = { ...this.#account, month };
    if (this.#month !== month) {
      this.#settled.clear();
      this.#book = await this.#openBook(where);
      this.#month = month;
    }
    return where;
  }

  /**
   * Once a process it is looked for what was bought while the account had no cap: whoever changes a cap starts the workers
   * again, and where none is set there is no desk.
   */
  async #openBook(where: CapMonth): Promise<CapBook> {
    const { caps, journal, timing, fault } = this.#deps;
    let book = await readBook(caps, where);
    if (this.#isCounted) return book;
    const { dayShiftMs = 0 } = timing;
    const bought = await readUnreserved(journal, where, dayShiftMs);
    for (;;) {
      const line = openingLine(book, bought, timeOf(Date.now(), dayShiftMs));
      if (!line) break;
      await fault('cap:before-line');
      book = readLine(book, await caps.append(where, line)); // another's line may have said the same, or something else
      await fault('cap:line-written');
    }
    this.#isCounted = true;
    return book;
  }

  /** Reads what others wrote, and counts what nobody settled. */
  async #look(where: CapMonth): Promise<Recount> {
    this.#read(await catchUp(this.#deps.caps, where, this.#book));
    const unknown = [...this.#book.open.values()].filter((one) => !this.#settled.has(useKey(one)));
    const counted = await recount(this.#deps, where, unknown);
    for (const one of counted.settled) this.#settled.set(useKey(one), one);
    return counted;
  }

  #read(book: CapBook): void {
    this.#book = book;
    for (const key of this.#settled.keys()) if (!book.open.has(key)) this.#settled.delete(key);
  }
}

function timeOf(nowMs: number, dayShiftMs: number): CapTime {
  const day = new Date(nowMs + dayShiftMs).toISOString().slice(0, 10);
  return { day, at: new Date(nowMs).toISOString(), nonce: crypto.randomUUID() };
}

function toAnswer(
  answer: Answered,
  { where: { month }, day }: { where: CapMonth; day: string },
  mayReturn: () => boolean,
): CapAnswer {
  if (answer.kind === 'short') return { ...answer, mayReturn: mayReturn() };
  const { line, index } = answer;
  return { kind: 'granted', grant: { id: `${month}/${line}`, month, day, line, index } };
}

/** Whether there would be room if all that is under way turned out to cost nothing. */
function mayReturn(
  book: CapBook,
  caps: AccountCaps,
  asked: { day: string; bound: Charge; looked: Recount | undefined; nowMs: number },
): boolean {
  const { day, bound, looked, nowMs } = asked;
  const underWay = [...book.open.values()].filter((one) => {
    const until = looked?.returnsBy.get(useKey(one));
    return until === undefined || until > nowMs; // one that was not looked at was reserved a moment ago
  });
  return wouldFit(book, caps, { day, bound, without: underWay });
}
