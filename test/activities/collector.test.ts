import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCollector } from '../../src/activities/collector.ts';
import type { Collector } from '../../src/activities/collector.ts';
import type { CollectorPost } from '../../src/activities/collector-post.ts';
import { COLLECT_TIMING } from '../../src/activities/deps.ts';
import { wantedScrapers } from '../../src/contracts/collector.ts';
import type { Wanted } from '../../src/contracts/collector.ts';
import { Wishes } from '../../src/workflows/wishes.ts';

interface Sent extends Wanted {
  account: string;
}

/** Worker processes that share a collector, which remembers what it was told. */
function createBench() {
  const sent: Sent[] = [];
  const clock = { ms: 0, fails: false, silent: false };
  const running = new Map<string, Wishes>();
  /** Those answer still. */
  const ended = new Map<string, Wishes>();
  const heard = new Set<string>();
  const post: CollectorPost = {
    async ask({ account }) {
      return clock.silent ? undefined : (running.get(account) ?? ended.get(account))?.state;
    },
    async start(_queue, { account, wishes }) {
      if (clock.fails) throw new Error('no server');
      if (running.has(account)) return false;
      running.set(account, new Wishes(wishes));
      const scrapers = wantedScrapers(wishes ?? new Wishes().state, Date.now());
      sent.push({ account, scrapers });
      return true;
    },
    async signalOnce({ account }, wanted, key) {
      if (clock.fails) throw new Error('no server');
      const wishes = running.get(account);
      if (!wishes) return false;
      if (heard.has(`${account} ${key}`)) return true; // as the server does
      heard.add(`${account} ${key}`);
      wishes.add(wanted, Date.now());
      sent.push({ account, ...wanted });
      return true;
    },
    async signal(_queue, { account }, wanted) {
      if (clock.fails) throw new Error('no server');
      const wishes = running.get(account) ?? new Wishes();
      running.set(account, wishes);
      wishes.add(wanted, Date.now());
      sent.push({ account, ...wanted });
    },
  };
  const createProcess = (nth = 0): Collector =>
    createCollector({
      random: () => nth / 10,
      taskQueue: 'gleaner',
      timing: COLLECT_TIMING,
      now: () => clock.ms,
      post,
      warn: () => {},
    });
  return { sent, clock, running, ended, createProcess, collector: createProcess() };
}

afterEach(() => void vi.useRealTimers());

const later = (ms: number): number => Date.now() + ms;

describe('what is wanted of a collector', () => {
  it('is told at once, and again a minute later if somebody still wants it', async () => {
    const { sent, clock, collector } = createBench();
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let second = 0; second <= 130; second++) {
      clock.ms = second * 1_000;
      vi.setSystemTime(second * 1_000);
      await collector.want('a', 'dataforseo/gemini', later(600_000));
    }
    expect(sent).toHaveLength(3);
  });

  it('is told once a minute by ten processes together, and by one alone while nobody can be asked', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { sent, clock, createProcess } = createBench();
    let saidByTen = 0;
    const processes = Array.from({ length: 10 }, (_, nth) => createProcess(nth));
    for (let second = 0; second < 600; second++) {
      clock.ms = second * 1_000;
      vi.setSystemTime(second * 1_000);
      clock.silent = second >= 300;
      const asking = clock.silent ? processes.slice(0, 1) : processes;
      await Promise.all(asking.map((each) => each.want('a', 'dataforseo/gemini', later(2_760_000))));
      if (second === 299) saidByTen = sent.length;
    }
    expect([saidByTen, sent.length]).toEqual([5, 10]);
  });

  it('is told once a minute by processes that buy at the same moment, after a pause too', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { sent, clock, createProcess } = createBench();
    const processes = Array.from({ length: 3 }, (_, nth) => createProcess(nth));
    // Wishes of tasks that live for a minute and a half, bought in bursts, as in a run at thirty times life.
    for (const second of [0, 119, 182, 400]) {
      clock.ms = second * 1_000;
      vi.setSystemTime(second * 1_000);
      await Promise.all(processes.map((each) => each.want('a', 'dataforseo/gemini', later(150_000))));
    }
    expect(sent).toHaveLength(4);
  });

  it('is told by each of the processes that speak at once if each has something else to say', async () => {
    const { sent, running, createProcess } = createBench();
    await createProcess().want('a', 'dataforseo/gemini', later(600_000));
    const scrapers = ['dataforseo/chatgpt', 'dataforseo/google-news', 'dataforseo/google-images'] as const;
    await Promise.all(scrapers.map((each) => createProcess().want('a', each, later(600_000))));
    expect(sent).toHaveLength(4);
    const wishes = running.get('a')?.state ?? new Wishes().state;
    expect(wantedScrapers(wishes, Date.now())).toEqual(['dataforseo/gemini', ...scrapers]);
  });

  it('is told to a new one if the one that answers has ended', async () => {
    const { sent, running, ended, createProcess } = createBench();
    await createProcess().want('a', 'dataforseo/gemini', later(600_000));
    const first = running.get('a') ?? new Wishes();
    first.forgetLists();
    ended.set('a', first);
    running.delete('a');
    const processes = [createProcess(), createProcess()];
    await Promise.all(processes.map((each) => each.want('a', 'dataforseo/chatgpt', later(600_000))));
    expect(sent.map(({ scrapers }) => scrapers)).toEqual([['dataforseo/gemini'], ['dataforseo/chatgpt']]);
    expect(running.get('a')?.isListing(Date.now())).toBe(true);
  });

  it('is told again if the one that was told is gone, or was told of less', async () => {
    const { sent, running, collector, createProcess } = createBench();
    await collector.want('a', 'dataforseo/gemini', later(600_000));
    await createProcess().want('a', 'dataforseo/gemini', later(600_000));
    expect(sent).toHaveLength(1);
    await createProcess().want('a', 'dataforseo/gemini', later(900_000));
    await createProcess().want('a', 'dataforseo/chatgpt', later(600_000));
    expect(sent).toHaveLength(3);
    running.get('a')?.forgetLists(); // as it does before it ends
    await createProcess().want('a', 'dataforseo/chatgpt', later(600_000));
    expect(sent).toHaveLength(4);
  });

  it('is no second sweep while the one that was asked for is not through', async () => {
    const { sent, running, createProcess } = createBench();
    const window = { family: 'serp', from: '2026-01-02T03:00:00.000Z', to: '2026-01-02T03:30:00.000Z' };
    await createProcess().wantSweep('dataforseo', 'a', window);
    await createProcess().wantSweep('dataforseo', 'a', { ...window, from: '2026-01-02T03:10:00.000Z' });
    expect(sent).toHaveLength(1);
    await createProcess().wantSweep('dataforseo', 'a', { ...window, to: '2026-01-02T03:31:00.000Z' });
    running.get('a')?.swept(running.get('a')?.state.sweeps ?? []);
    await createProcess().wantSweep('dataforseo', 'a', window);
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
    const { sent, clock, running, collector } = createBench();
    const window = { family: 'serp', from: '2026-01-02T03:00:00.000Z', to: '2026-01-02T03:30:00.000Z' };
    for (let n = 0; n < 5; n++) await collector.wantSweep('dataforseo', 'a', window);
    await collector.wantSweep('dataforseo', 'a', { ...window, family: 'ai_optimization' });
    clock.ms = 60_000;
    running.clear();
    await collector.wantSweep('dataforseo', 'a', window);
    expect(sent.map(({ sweep }) => sweep?.family)).toEqual(['serp', 'ai_optimization', 'serp']);
  });

  it('keeps a collector awake between two signals of a process', () => {
    // Twenty seconds are left to another process to say it again.
    expect(COLLECT_TIMING.quietMs).toBeGreaterThan(COLLECT_TIMING.wantGapMs + 20_000);
  });
});
