import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueQueue } from '../../../src/simulator/dataforseo/due-queue.ts';

describe('a queue of things that become due', () => {
  it('gives everything once, in the order of time, and nothing before it is due', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ atMs: fc.nat(100), takeAtMs: fc.option(fc.nat(100), { nil: undefined }) })),
        (steps) => {
          const queue = new DueQueue<number>();
          let held: number[] = [];
          for (const { atMs, takeAtMs } of steps) {
            queue.add(atMs, atMs);
            held.push(atMs);
            if (takeAtMs === undefined) continue;
            const due = held.filter((each) => each <= takeAtMs).sort((a, b) => a - b);
            expect(queue.takeDue(takeAtMs)).toEqual(due);
            held = held.filter((each) => each > takeAtMs);
            expect(queue.nextAtMs).toBe(held.length > 0 ? Math.min(...held) : undefined);
          }
          expect(queue.takeDue(100)).toEqual(held.sort((a, b) => a - b));
        },
      ),
    );
  });
});
