import { describe, expect, it } from 'vitest';
import { PROVIDERS_BY_NAME } from '../../src/providers/registry.ts';
import { callSlots } from '../../src/worker/call-slots.ts';

const { dataforseo, scrapellm } = PROVIDERS_BY_NAME;

describe('calls in flight', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    'of %d worker processes are 25 at most together, and each can buy and look',
    (workers) => {
      for (const queues of workers > 6 ? [1] : [1, 2]) {
        const { submits, reads } = callSlots(dataforseo, { workers, queues });
        expect((submits + reads) * workers * queues).toBeLessThanOrEqual(25);
        expect(Math.min(submits, reads)).toBeGreaterThanOrEqual(1);
      }
    },
  );

  it('of one process are 8 purchases and 16 looks, of an account with two names half of them each', () => {
    expect(callSlots(dataforseo, { workers: 1, queues: 1 })).toEqual({ submits: 8, reads: 16 });
    expect(callSlots(dataforseo, { workers: 1, queues: 2 })).toEqual({ submits: 4, reads: 8 });
    expect(callSlots(dataforseo, { workers: 3, queues: 1 })).toEqual({ submits: 2, reads: 6 });
  });

  it('cannot be shared by more processes than there are pairs of them', () => {
    expect(() => callSlots(dataforseo, { workers: 13, queues: 1 })).toThrow(
      'GLEANER_WORKERS: must be at most 12, not 13',
    );
    expect(() => callSlots(dataforseo, { workers: 7, queues: 2 })).toThrow('must be at most 6, not 7');
  });

  it('are nobody’s business where the provider does not count them', () => {
    expect(callSlots(scrapellm, { workers: 40, queues: 2 })).toEqual({ submits: 50, reads: 100 });
  });
});
