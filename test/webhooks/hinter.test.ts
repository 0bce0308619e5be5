import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createHinter } from '../../src/webhooks/hinter.ts';

test('passes a hint on once a minute, and again after that', async () => {
  let now = 0;
  const sent: string[] = [];
  const hinter = createHinter(
    async (scrapeId, taskId) => void sent.push(`${scrapeId} ${taskId}`),
    () => now,
  );
  hinter.hint('postback', 'scrape/1', 'task-1');
  now = 59_999;
  hinter.hint('postback', 'scrape/1', 'task-1');
  hinter.hint('postback', 'scrape/2', 'task-2');
  now = 60_000;
  hinter.hint('postback', 'scrape/1', 'task-1');
  await hinter.close();
  expect(sent).toEqual(['scrape/1 task-1', 'scrape/2 task-2', 'scrape/1 task-1']);
});

test('passes the next hint on at once if the one before could not be', async () => {
  let away = true;
  const sent: string[] = [];
  const hinter = createHinter(async (_, taskId) => {
    if (away) throw new Error('Temporal is away');
    sent.push(taskId);
  });
  hinter.hint('postback', 'scrape/1', 'task-1');
  await hinter.close();
  away = false;
  hinter.hint('postback', 'scrape/1', 'task-1');
  await hinter.close();
  expect(sent).toEqual(['task-1']);
});

test('sends sixteen at once, keeps ten thousand waiting at most and drops the rest', async () => {
  const back = new AbortController();
  let underWay = 0;
  let peak = 0;
  let sent = 0;
  const hinter = createHinter(async () => {
    peak = Math.max(peak, ++underWay);
    if (!back.signal.aborted) await new Promise((resolve) => back.signal.addEventListener('abort', resolve));
    underWay--;
    sent++;
  });
  for (let i = 0; i < 50_000; i++) hinter.hint('postback', 'scrape', `task-${i}`);
  back.abort();
  await hinter.close();
  expect(peak).toBe(16);
  expect(sent).toBe(10_000);
});

test('tells a scrape again whose workflow begins after its result was posted, and nobody for ever', async () => {
  const sent: string[] = [];
  const waits: number[] = [];
  const hinter = createHinter(
    async (scrapeId) => {
      sent.push(scrapeId);
      const times = sent.filter((id) => id === scrapeId).length;
      return scrapeId === 'scrape/late' && times === 3 ? undefined : 'nobody';
    },
    undefined,
    async (ms) => waits.push(ms),
  );
  hinter.hint('postback', 'scrape/late', 'task-1');
  await until(() => sent.length === 3);
  hinter.hint('postback', 'scrape/never', 'task-2');
  await until(() => sent.length === 9);
  await hinter.close();
  expect(sent).toEqual([...Array(3).fill('scrape/late'), ...Array(6).fill('scrape/never')]);
  expect(waits).toEqual([1_000, 5_000, 1_000, 5_000, 20_000, 60_000, 180_000]);
});

test('passes on what can be heard while ten thousand others are to be told again', async () => {
  const heard: string[] = [];
  const hinter = createHinter(async (scrapeId) => {
    if (scrapeId === 'scrape/nobody') return 'nobody';
    heard.push(scrapeId);
    return undefined;
  });
  for (let batch = 0; batch < 3; batch++) {
    for (let k = 0; k < 5_000; k++) hinter.hint('postback', 'scrape/nobody', `task-${batch}-${k}`);
    for (let k = 0; k < 1_000; k++) await turn();
  }
  hinter.hint('postback', 'scrape/running', 'task-of-it');
  await until(() => heard.length > 0);
  await hinter.close();
  expect(heard).toEqual(['scrape/running']);
});

test('does not wait at its end for what it would say again', async () => {
  let sent = 0;
  const hinter = createHinter(async () => {
    sent++;
    return 'nobody';
  });
  hinter.hint('postback', 'scrape/1', 'task-1');
  await hinter.close();
  expect(sent).toBe(1);
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let k = 0; k < 1_000 && !isTrue(); k++) await turn();
}
