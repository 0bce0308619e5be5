import { describe, expect, it } from 'vitest';
import { readHistory } from './read-histories.ts';

interface Counts {
  total: number;
  timersStarted: number;
  timersFired: number;
  signals: number;
  children: number;
  activities: number;
}

describe('histories stay small:', () => {
  it('20 events at most for a scrape, however often it was looked at', () => {
    const { total, timersFired } = count('scrape-done-polled-three-times');
    expect(timersFired).toBe(0);
    expect(total).toBeLessThanOrEqual(20);
  });

  it('25 events at most for a scrape that was told that its result is there', () => {
    const { total, timersFired, signals } = count('scrape-done-by-hint');
    expect({ timersFired, signals }).toEqual({ timersFired: 0, signals: 1 });
    expect(total).toBeLessThanOrEqual(25);
  });

  it('17 events at most for a scrape that was bought in a call with others and told of its end', () => {
    expect(count('scrape-bought-in-a-page').total).toBeLessThanOrEqual(17);
  });

  it('25 events at most for a scrape that a list told of its end', () => {
    const { total, timersFired, signals, activities } = count('scrape-done-by-collector');
    expect({ timersFired, signals, activities }).toEqual({ timersFired: 0, signals: 1, activities: 2 });
    expect(total).toBeLessThanOrEqual(25);
  });

  it('19 events at most for a scrape whose result was posted, and 12 if it was bought with others: no look at all', () => {
    const [alone, inPage] = [count('scrape-done-by-post'), count('scrape-in-a-page-done-by-post')];
    expect([alone.activities, inPage.activities]).toEqual([1, 0]);
    expect(alone.total).toBeLessThanOrEqual(19);
    expect(inPage.total).toBeLessThanOrEqual(12);
  });

  it('10 events a scrape at most in a partition that buys by the page, and no timer where nothing is waited for', () => {
    const { total, children, timersStarted } = count('partition-by-pages');
    expect(children).toBe(20);
    expect(timersStarted).toBe(0);
    expect(total / children).toBeLessThanOrEqual(10);
  });

  it('10 events a scrape at most in a partition, so that 500 of them stay under 5,000', () => {
    const { total, children } = count('partition-done');
    expect(children).toBe(20);
    expect(total / children).toBeLessThanOrEqual(10);
  });

  it('75 events at most in a batch of one partition, which reports ten times at most', () => {
    const { total, signals, children } = count('batch-done');
    expect(children).toBe(1);
    expect(signals).toBeLessThanOrEqual(10);
    // Four a report, if each wakes the batch by itself.
    expect(total).toBeLessThanOrEqual(75);
  });
});

function count(name: string): Counts {
  const events = readHistory(`${name}-0.1.0.json`).events ?? [];
  return {
    total: events.length,
    timersStarted: events.filter((event) => event.timerStartedEventAttributes).length,
    timersFired: events.filter((event) => event.timerFiredEventAttributes).length,
    signals: events.filter((event) => event.workflowExecutionSignaledEventAttributes).length,
    children: events.filter((event) => event.childWorkflowExecutionStartedEventAttributes).length,
    activities: events.filter((event) => event.activityTaskScheduledEventAttributes).length,
  };
}
