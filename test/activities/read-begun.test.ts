import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { readBegun } from '../../src/activities/read-begun.ts';
import type { Charge } from '../../src/contracts/money.ts';

/** What is known of a scrape: whether its workflow runs, what its journal says it cost, whether it has a record. */
interface Known {
  runs?: boolean;
  cost?: Charge;
  recorded?: boolean;
}
let known: Record<string, Known>;

const deps = {
  store: {
    journal: {
      readAll: (id: string) =>
        Promise.resolve(known[id]?.cost ? [{ receipt: { charge: known[id].cost } }] : []),
    },
    records: { read: (id: string) => Promise.resolve(known[id]?.recorded ? {} : undefined) },
  },
} as unknown as ActivityDeps; // all that it reads

const client = {
  workflow: {
    getHandle: (workflowId: string) => ({
      describe() {
        const { runs } = known[workflowId] ?? {};
        if (runs === undefined)
          return Promise.reject(new WorkflowNotFoundError('gone', workflowId, undefined));
        return Promise.resolve({ runId: 'r', status: { name: runs ? 'RUNNING' : 'COMPLETED' } });
      },
    }),
  },
};

beforeEach(() => {
  const context = { client, info: { workflowExecution: { runId: 'this run' } } };
  vi.spyOn(Context, 'current').mockReturnValue(context as unknown as Context);
});
afterEach(() => vi.restoreAllMocks());

it.each<[string, Known, Charge, Charge | undefined]>([
  ['runs and has bought nothing yet may still cost all of it', { runs: true }, {}, { credits: 6 }],
  ['runs and has bought once may buy once more', { runs: true, cost: { credits: 6 } }, {}, { credits: 12 }],
  [
    'runs and costs what is known may buy once more',
    { runs: true, cost: { credits: 6 } },
    { credits: 6 },
    { credits: 6 },
  ],
  [
    'has ended costs what it bought',
    { runs: false, cost: { credits: 3 }, recorded: true },
    {},
    { credits: 3 },
  ],
  ['has ended and bought nothing costs nothing, and was begun', { runs: false, recorded: true }, {}, {}],
  [
    'was terminated after it had bought costs that',
    { runs: false, cost: { credits: 6 } },
    {},
    { credits: 6 },
  ],
  ['cost the same before was not begun since', { cost: { credits: 6 } }, { credits: 6 }, undefined],
  ['nobody knows was not begun', {}, {}, undefined],
])('a scrape that %s', async (_, of, spent, mayCost) => {
  known = { scrape: of };
  const begun = await readBegun(deps, { scrapes: [{ scrapeId: 'scrape', spent, bound: { credits: 6 } }] });
  expect(begun).toEqual({ runId: 'this run', scrapes: mayCost ? [{ scrapeId: 'scrape', mayCost }] : [] });
});
