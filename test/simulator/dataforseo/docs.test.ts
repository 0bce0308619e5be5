import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../src/simulator/dataforseo/families.ts';
import { CALL_FAULTS, TASK_FAULTS } from '../../../src/simulator/dataforseo/faults.ts';
import { DEFAULT_DATAFORSEO_KNOBS } from '../../../src/simulator/dataforseo/knobs.ts';

const page = readFileSync(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');

describe('the page of the simulator', () => {
  it('names every fault and family of the simulated DataForSEO', () => {
    const names = [...CALL_FAULTS, ...TASK_FAULTS, ...FAMILIES.map((family) => family.name)];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('names no knob that there is not in its table of guesses, and gives the defaults as they are', () => {
    const [, table = ''] = /## What is guessed of DataForSEO(.*)/s.exec(page) ?? [];
    const rows = [...table.matchAll(/^\|[^|]+\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    );
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((name) => !(name in DEFAULT_DATAFORSEO_KNOBS))).toEqual([]);
    expect(DEFAULT_DATAFORSEO_KNOBS).toMatchObject({
      noFunds: 'http-402',
      unknownIdStatus: 200,
      emptyList: 'null',
      failedTasksListed: true,
      htmlCollects: true,
      pendingCode: '40601-40602',
      costOnGet: false,
      unusedPages: 'stated',
      refundExecutionFailed: false,
      refundDelayMs: 0,
      listLagMs: 2_000,
      searchLagMs: 1_000,
    });
  });
});
