import type { FamilyName } from './families.ts';
import type { DataForSeoScript } from './faults.ts';
import type { DataForSeoKnobs } from './knobs.ts';
import type { DataForSeoLedger, DataForSeoSummary, LedgerFilter } from './ledger.ts';
import type { CallRecord } from './vendor-traffic.ts';

/** Tasks that somebody else posts on the account. */
interface ForeignOrder {
  family: FamilyName;
  count: number;
  /** Default 0: done at once. */
  durationMs?: number;
  /** They stand before all others in the ready lists. */
  inFront?: boolean;
  /** Default `foreign/`; a number follows. */
  tagPrefix?: string;
  /** Default: the simulator's own. */
  login?: string;
}

/** The control surface of the simulated DataForSEO, one method a route. */
export interface DataForSeoControl {
  /** Balances, totals, calls, broken limits, knobs. */
  state(): Promise<DataForSeoSummary>;
  /** All tasks with their money; foreign ones only if asked for. */
  ledger(filter?: LedgerFilter): Promise<DataForSeoLedger>;
  /** Every call of this run, in the order in which they came. */
  calls(): Promise<{ calls: CallRecord[] }>;
  setKnobs(patch: Partial<DataForSeoKnobs>): Promise<DataForSeoKnobs>;
  /** Replaces the scripted faults of a tag, a keyword, a family or everybody. */
  script(script: DataForSeoScript): Promise<Record<string, number>>;
  /** Adds micro-USD; the answer is the balance. */
  fund(login: string, micros: number): Promise<{ balance: number }>;
  /** Ends pending tasks now: one, those of a tag, or all. Tasks that are stuck stay so. */
  ready(which?: { id?: string; tag?: string }): Promise<{ ids: string[] }>;
  foreign(order: ForeignOrder): Promise<{ count: number }>;
  /** Has the vendor parse an ended task again. */
  fix(id: string): Promise<{ fixed: boolean }>;
}

/** The methods over two ways to call a path below `/__sim/`. */
export function dataForSeoControl(
  get: <T>(path: string) => Promise<T>,
  post: <T>(path: string, body: unknown) => Promise<T>,
): DataForSeoControl {
  return {
    state: () => get('dataforseo/state'),
    ledger: (filter = {}) => get(`dataforseo/ledger?${queryOf(filter)}`),
    calls: () => get('dataforseo/calls'),
    setKnobs: (patch) => post('dataforseo/knobs', patch),
    script: (script) => post('dataforseo/script', script),
    fund: (login, micros) => post('dataforseo/fund', { login, micros }),
    ready: (which = {}) => post('dataforseo/ready', which),
    foreign: (order) => post('dataforseo/foreign', order),
    fix: (id) => post('dataforseo/fix', { id }),
  };
}

function queryOf(filter: LedgerFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.toString();
}
