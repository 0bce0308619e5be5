import { expect, it } from 'vitest';
import { paceOf } from '../../src/lists/pace.ts';

/** A clock that only waiting moves. */
function clockAt(startMs = 0) {
  let ms = startMs;
  return {
    now: () => ms,
    wall: () => ms,
    sleep: async (waitMs: number) => void (ms += waitMs),
    pass: (passedMs: number) => void (ms += passedMs),
  };
}

it('keeps calls apart so that no minute holds more than it may, however long each call takes', async () => {
  const clock = clockAt();
  const pace = paceOf({ ...clock, attempt: 1 }, 8);
  const begun: number[] = [];
  for (let n = 0; n < 30; n++) {
    await pace.turn();
    begun.push(clock.now());
    clock.pass((n % 3) * 500);
    pace.called();
  }
  for (const from of begun) {
    expect(begun.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(8);
  }
});

it('waits longer after a lost run, which may be calling still', async () => {
  const clock = clockAt();
  await paceOf({ ...clock, attempt: 2 }, 8).turn();
  expect(clock.now()).toBeGreaterThanOrEqual(17_500);
});

it('makes no call after this machine slept: another run may have begun', async () => {
  const clock = clockAt();
  const slept = { ...clock, attempt: 1, sleep: async (ms: number) => clock.pass(ms + 60_000) };
  await expect(paceOf(slept, 8).turn()).rejects.toMatchObject({ name: 'CallTrouble', kind: 'paused' });
});
