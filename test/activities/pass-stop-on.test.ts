import { describe, expect, it } from 'vitest';
import { failure } from '../../src/activities/failure-table.ts';
import { passStopOn } from '../../src/activities/pass-stop-on.ts';

/** How often the workflow is cancelled by an attempt that ends so. */
async function cancelsAt(attempt: number, purchase: () => Promise<unknown>): Promise<number> {
  let cancels = 0;
  const cancel = async () => (cancels += 1);
  await passStopOn({ attempt, cancel }, purchase).catch(() => undefined);
  return cancels;
}
const stopped = () => Promise.reject(failure('BatchStopped', 'it was cancelled'));

describe('a purchase whose batch was cancelled', () => {
  it('waits for the cancel that is on its way, and cancels its workflow itself if that did not come', async () => {
    expect(await cancelsAt(1, stopped)).toBe(0);
    expect(await cancelsAt(2, stopped)).toBe(1);
  });

  it('is refused with the same words whether the cancel goes through or not', async () => {
    for (const cancel of [() => Promise.resolve(), () => Promise.reject(new Error('the server is away'))]) {
      const run = passStopOn({ attempt: 3, cancel }, stopped);
      await expect(run).rejects.toMatchObject({ type: 'BatchStopped', nonRetryable: false });
    }
  });

  it('is the only one that does so', async () => {
    expect(await cancelsAt(9, () => Promise.resolve('bought'))).toBe(0);
    expect(await cancelsAt(9, () => Promise.reject(failure('RateLimited', 'slower')))).toBe(0);
    expect(await cancelsAt(9, () => Promise.reject(new Error('something else')))).toBe(0);
  });
});
