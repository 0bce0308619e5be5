import { describe, expect, it } from 'vitest';
import { createCollector } from '../../src/activities/collector.ts';
import { COLLECT_TIMING } from '../../src/activities/deps.ts';
import type { CollectorInput, Wanted } from '../../src/contracts/collector.ts';

interface Sent extends Wanted {
  account: string;
}

function createBench() {
  const sent: Sent[] = [];
  const clock = { ms: 0, fails: false };
  const send = async (_queue: string, { account }: CollectorInput, wanted: Wanted): Promise<void> => {
    if (clock.fails) throw new Error('no server');
    sent.push({ account, ...wanted });
  };
  const collector = createCollector({
    taskQueue: 'gleaner',
    timing: COLLECT_TIMING,
    now: () => clock.ms,
    send,
    warn: () => {},
  });
  return { sent, clock, collector };
}

const later = (ms: number): number => Date.now() + ms;

describe('what is wanted of a collector', () => {
  it('is told at once, and again a minute later if somebody still wants it', async () => {
    const { sent, clock, collector } = createBench();
    for (let second = 0; second <= 120; second++) {
      clock.ms = second * 1_000;
      await collector.want('a', 'dataforseo/gemini', later(600_000));
    }
    expect(sent).toHaveLength(3);
  });

  it('is told at once for a scraper and an account that were not spoken of, with all others', async () => {
    const { sent, collector } = createBench();
    await collector.want('a', 'dataforseo/gemini', later(600_000));
    await collector.want('a', 'dataforseo/chatgpt', later(300_000));
    await collector.want('b', 'dataforseo/chatgpt', later(300_000));
    expect(sent.map(({ account, scrapers }) => [account, scrapers])).toEqual([
      ['a', ['dataforseo/gemini']],
      ['a', ['dataforseo/gemini', 'dataforseo/chatgpt']],
      ['b', ['dataforseo/chatgpt']],
    ]);
  });

  it('fails nobody who has bought something, and is told by the next one', async () => {
    const { sent, clock, collector } = createBench();
    clock.fails = true;
    await collector.want('a', 'dataforseo/gemini', later(600_000));
    clock.fails = false;
    await collector.want('a', 'dataforseo/gemini', later(600_000));
    expect(sent).toHaveLength(1);
  });

  it('is a sweep for each window, once in a while', async () => {
    const { sent, clock, collector } = createBench();
    const window = { family: 'serp', from: '2026-01-02T03:00:00.000Z', to: '2026-01-02T03:30:00.000Z' };
    for (let n = 0; n < 5; n++) await collector.wantSweep('dataforseo', 'a', window);
    await collector.wantSweep('dataforseo', 'a', { ...window, family: 'ai_optimization' });
    clock.ms = 60_000;
    await collector.wantSweep('dataforseo', 'a', window);
    expect(sent.map(({ sweep }) => sweep?.family)).toEqual(['serp', 'ai_optimization', 'serp']);
  });

  it('keeps a collector awake between two signals of a process', () => {
    expect(COLLECT_TIMING.quietMs).toBeGreaterThan(COLLECT_TIMING.wantGapMs);
  });
});
