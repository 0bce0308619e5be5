import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { drawBars } from '../../src/cli/demo/bars.ts';
import { lastScreen, type Findings } from '../../src/cli/demo/last-screen.ts';
import { filteredListLink, nextCommands } from '../../src/cli/demo/next-commands.ts';
import { emptyCounts } from '../../src/contracts/outcomes.ts';
import { analyse } from '../../src/report/analyse.ts';

const BATCH = 'batch/demo-20261123-055049';

function findings(overrides: Partial<Findings> = {}): Findings {
  const side = {
    jobs: 2,
    cost: 6,
    boughtTwice: 0,
    boughtAfterFailure: 0,
    lost: 0,
    lostCost: 0,
    looks: 5,
    answers: 2,
  };
  const record: Findings['record'] = {
    batchId: BATCH,
    total: 2,
    counts: { ...emptyCounts(), done: 2 },
    charge: { credits: 6 },
    possiblySpent: {},
    refundExpected: {},
    startedAt: '2026-11-23T05:00:00.000Z',
    endedAt: '2026-11-23T05:01:00.000Z',
    simulated: true,
  };
  const manifest = {
    batchId: BATCH,
    fingerprint: '',
    createdAt: record.startedAt,
    simulated: true,
    pages: 1,
    total: 2,
    bound: { credits: 6 },
  };
  return {
    batchId: BATCH,
    simulated: true,
    speed: 5,
    brand: 'Lumora',
    record,
    analysis: analyse({
      batchId: BATCH,
      manifest,
      record,
      readAt: record.endedAt,
      simulated: true,
      results: [],
      lostPages: [],
    }),
    workflows: 2,
    gleaner: {
      side,
      money: { charged: 6, refundExpected: 0, possiblySpent: 0, ledger: 6, agree: true },
      tasks: {
        facts: { jobs: 1, cost: 600, boughtTwice: 0, boughtAfterFailure: 0, lost: 0, lostCost: 0 },
        money: { charged: 600, refundExpected: 0, possiblySpent: 0, ledger: 600, agree: true },
      },
    },
    plain: { ...side, boughtTwice: 1, lost: 1, lostCost: 3 },
    ...overrides,
  };
}

type Tasks = NonNullable<Findings['gleaner']['tasks']>;

function spoilTasks(
  sound: Findings,
  { facts, money }: { facts?: Partial<Tasks['facts']>; money?: Partial<Tasks['money']> },
): Findings {
  const { tasks } = sound.gleaner;
  if (!tasks) throw new Error('these findings have no tasks');
  const spoilt = { facts: { ...tasks.facts, ...facts }, money: { ...tasks.money, ...money } };
  return { ...sound, gleaner: { ...sound.gleaner, tasks: spoilt } };
}

describe('the last screen', () => {
  it('has nothing to object to when everything adds up', () => {
    const { lines, contradictions } = lastScreen(findings());
    expect(contradictions).toEqual([]);
    expect(lines.join('\n')).toContain('SIMULATED');
    expect(lines.join('\n')).toContain('2 done = 2 scrapes = 2 ended workflows in Temporal');
    expect(lines.join('\n')).toContain("$0.0006 − refunds due $0.00 = the ledger's $0.0006");
    expect(lines.join('\n')).toContain(
      'DataForSEO, by its ledger: 1 tasks, 0 bought twice, 0 never collected',
    );
  });

  it.for<[string, (sound: Findings) => Findings]>([
    [
      'records that differ from the ledger',
      (sound) => ({
        ...sound,
        gleaner: {
          ...sound.gleaner,
          money: { charged: 6, refundExpected: 0, possiblySpent: 0, ledger: 9, agree: false },
        },
      }),
    ],
    [
      'an answer bought twice',
      (sound) => ({
        ...sound,
        gleaner: {
          ...sound.gleaner,
          ...(sound.gleaner.side && { side: { ...sound.gleaner.side, boughtTwice: 1 } }),
        },
      }),
    ],
    [
      'a paid answer that is nowhere',
      (sound) => ({
        ...sound,
        gleaner: {
          ...sound.gleaner,
          ...(sound.gleaner.side && { side: { ...sound.gleaner.side, lost: 1, lostCost: 3 } }),
        },
      }),
    ],
    [
      'dollars that differ from the ledger',
      (sound) => spoilTasks(sound, { money: { ledger: 1_200, agree: false } }),
    ],
    ['a task bought twice', (sound) => spoilTasks(sound, { facts: { boughtTwice: 1 } })],
    ['a paid task that is nowhere', (sound) => spoilTasks(sound, { facts: { lost: 1, lostCost: 600 } })],
    ['a scrape that Temporal does not list', (sound) => ({ ...sound, workflows: 1 })],
    [
      'outcomes that do not add up',
      (sound) => ({
        ...sound,
        record: { ...sound.record, counts: { ...emptyCounts(), done: 1 } },
      }),
    ],
  ])('objects to %s', ([, spoil]) => {
    const { lines, contradictions } = lastScreen(spoil(findings()));
    expect(contradictions).toHaveLength(1);
    expect(lines.map(stripVTControlCharacters)).toContain(`✗ ${contradictions[0]}`);
  });

  it('fits 80 columns', () => {
    const kill = { pid: 4_000_000, waiting: 140, buying: true, successor: 4_000_001 };
    const money = { charged: 1423, refundExpected: 120, possiblySpent: 30, ledger: 1303, agree: true };
    const { gleaner } = findings();
    const { lines } = lastScreen(findings({ kill, gleaner: { ...gleaner, money } }));
    expect(lines.join('\n')).toContain('4000001 went on');
    const widths = lines
      .flatMap((line) => stripVTControlCharacters(line).split('\n'))
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });
});

describe('the bars', () => {
  it('show a cell a scrape: in, paid for, to buy', () => {
    const engine = { scraper: 'scrapellm/google-ai-mode', total: 20, done: 5, other: 1, waiting: 4 };
    const [, line = ''] = drawBars([engine], 12_300).split('\n');
    expect(line).toContain(`${'█'.repeat(6)}${'▒'.repeat(4)}${'·'.repeat(10)}`);
    expect(line).toContain('5 in, 1 not');
    expect(line.length).toBeLessThan(80);
  });
});

describe('what to do next', () => {
  const parts = {
    gleaner: 'npx gleaner',
    temporal: 'temporal',
    settings: 'GLEANER_HOME=.gleaner/demo',
    batchId: BATCH,
    address: '127.0.0.1:7234',
    namespace: 'default',
    taskQueue: 'gleaner',
  };

  it('can be pasted: the home and the address are those in use', () => {
    const [home = '', , , list = ''] = nextCommands(parts);
    expect(home).toBe('export GLEANER_HOME=.gleaner/demo');
    expect(list).toBe(
      `temporal workflow list --address 127.0.0.1:7234 --query "BatchId = 'batch/demo-20261123-055049'"`,
    );
  });

  it('names the namespace where it is not the default one', () => {
    const commands = nextCommands({ ...parts, namespace: 'gleaner-demo' });
    expect(commands.filter((command) => command.includes('--namespace gleaner-demo'))).toHaveLength(2);
  });

  it("opens the UI's list with the filter filled in", () => {
    expect(filteredListLink('http://127.0.0.1:8233', 'default', BATCH)).toBe(
      'http://127.0.0.1:8233/namespaces/default/workflows?query=BatchId%3D%22batch%2Fdemo-20261123-055049%22',
    );
  });
});
