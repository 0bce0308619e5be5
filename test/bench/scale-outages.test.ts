import { expect, it } from 'vitest';
import { planOutages } from '../../bench/scale/disturbances.ts';

it.each([1, 2, 5])(
  'spreads %i kills of the server, and restarts PostgreSQL between two of them',
  (killServer) => {
    const plan = planOutages({ scrapes: 7_000, cancelAt: undefined, killServer, restartPostgres: 1 });
    expect(plan).toHaveLength(killServer + 1);
    const marks = plan.map(({ at }) => at);
    const gaps = [...marks, 7_000].map((at, i) => at - (marks[i - 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(500);
  },
);

it('has all of them before the cancel', () => {
  const plan = planOutages({ scrapes: 700, cancelAt: 100, killServer: 3, restartPostgres: 0 });
  expect(plan.map(({ at }) => at)).toEqual([25, 50, 75]);
});
