import { FaultLog } from '../fault-log.ts';
import { Rate } from '../traffic.ts';
import type { DataForSeoKnobs } from './knobs.ts';
import type { Api } from './families.ts';
import type { CallName } from './faults.ts';

/** What is limited for itself, beside all calls together. Ready and fixed lists share a limit in each API. */
export type LimitClass =
  | 'lists serp'
  | 'lists ai_optimization'
  | 'id_list'
  | 'errors'
  | 'user_data'
  | 'status';
type LimitKind = 'total' | 'in-flight' | LimitClass;

/** One call as it came, by the simulator's clock. */
export interface CallRecord {
  atMs: number;
  login: string;
  call: CallName;
  /** Without a task's id. */
  path: string;
  /** It broke a limit, and was answered so. */
  overLimit: boolean;
}

/** The older half of more than this many calls is forgotten. */
const MAX_RECORDS = 200_000;

/** What came and when, and which limits it broke. Starts at nothing each run. */
export class VendorTraffic {
  readonly calls: CallRecord[] = [];
  readonly faults = new FaultLog();
  /** How many came in all, by what they do. */
  readonly counts: Partial<Record<CallName, number>> = {};
  readonly violations: Partial<Record<LimitKind, number>> = {};
  readonly #rates = new Map<string, Rate>();
  readonly #inFlight = new Map<string, number>();
  readonly #nths = new Map<string, number>();
  inFlightPeak = 0;

  /** How often something was counted before, so that each time has a draw of its own. */
  nthOf(subject: string): number {
    const nth = this.#nths.get(subject) ?? 0;
    this.#nths.set(subject, nth + 1);
    return nth;
  }

  /** The most calls of a kind that any minute held, over all accounts. */
  peaks(): Record<string, number> {
    const peaks: Record<string, number> = { 'in-flight': this.inFlightPeak };
    for (const [key, rate] of this.#rates) {
      const kind = key.slice(key.indexOf('\n') + 1);
      peaks[kind] = Math.max(peaks[kind] ?? 0, rate.peakPerMinute);
    }
    return peaks;
  }

  /**
   * Counts a call into its windows, in which refused calls stay too. Returns the limit that it broke, and what the
   * headers say of the narrowest limit that it is under.
   */
  admit(
    call: Omit<CallRecord, 'overLimit'>,
    limitClass: LimitClass | undefined,
    limits: DataForSeoKnobs['limits'],
  ): { broken: LimitKind | undefined; limit: number | null; remaining: number | null } {
    const kinds: LimitKind[] = limitClass ? ['total', limitClass] : ['total'];
    const used = kinds.map((kind) => {
      const rate = this.#rate(call.login, kind);
      rate.add(call.atMs);
      return { kind, calls: rate.within(call.atMs), limit: limitOf(kind, limits) };
    });
    const broken = used.find(({ calls, limit }) => limit !== null && calls > limit)?.kind;
    if (broken) this.#violate(broken);
    this.counts[call.call] = (this.counts[call.call] ?? 0) + 1;
    this.calls.push({ ...call, overLimit: broken !== undefined });
    if (this.calls.length > MAX_RECORDS) this.calls.splice(0, MAX_RECORDS / 2);
    const narrowest = used.at(-1);
    const limit = narrowest?.limit ?? null;
    return { broken, limit, remaining: limit === null ? null : Math.max(0, limit - (narrowest?.calls ?? 0)) };
  }

  /** Counts a call that is being answered; true if there are too many at once. */
  enter(login: string, api: Api, limit: number | null): boolean {
    if (api !== 'ai_optimization') return false;
    const now = (this.#inFlight.get(login) ?? 0) + 1;
    this.#inFlight.set(login, now);
    this.inFlightPeak = Math.max(this.inFlightPeak, now);
    const tooMany = limit !== null && now > limit;
    if (tooMany) this.#violate('in-flight');
    return tooMany;
  }

  leave(login: string, api: Api): void {
    if (api === 'ai_optimization') this.#inFlight.set(login, (this.#inFlight.get(login) ?? 1) - 1);
  }

  #violate(kind: LimitKind): void {
    this.violations[kind] = (this.violations[kind] ?? 0) + 1;
  }

  #rate(login: string, kind: LimitKind): Rate {
    const key = `${login}\n${kind}`;
    const rate = this.#rates.get(key) ?? new Rate();
    this.#rates.set(key, rate);
    return rate;
  }
}

function limitOf(kind: LimitKind, limits: DataForSeoKnobs['limits']): number | null {
  switch (kind) {
    case 'total':
      return limits.total;
    case 'lists serp':
    case 'lists ai_optimization':
      return limits.lists;
    case 'id_list':
      return limits.idList;
    case 'errors':
      return limits.errors;
    case 'user_data':
      return limits.userData;
    case 'status':
      return limits.status;
    case 'in-flight':
      return limits.aiInFlight;
  }
}
