import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { killBetweenPurchases } from '../../src/cli/demo/kill.ts';

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

async function startVictim(): Promise<{ pid: number; ended: Promise<unknown[]> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  children.push(child);
  await once(child, 'spawn');
  return { pid: child.pid ?? 0, ended: once(child, 'exit') };
}

it('waits for a gap between two purchases, then kills with -9', async () => {
  const { pid, ended } = await startVictim();
  const looks = [true, true, false];
  const kill = await killBetweenPurchases(pid, async () => ({ buying: looks.shift() ?? true, waiting: 7 }));
  expect(kill).toEqual({ pid, buying: false, waiting: 7 });
  expect(looks).toEqual([]);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

it.runIf(process.platform === 'linux')('looks only while the process is halted', async () => {
  const { pid, ended } = await startVictim();
  const states: Array<string | undefined> = [];
  await killBetweenPurchases(pid, async () => {
    states.push(await haltedState(pid));
    return { buying: states.length < 3, waiting: 0 };
  });
  await ended;
  expect(states).toEqual(['T', 'T', 'T']);
});

it('kills in the middle of a purchase when there never is a gap, and says so', async () => {
  const { pid, ended } = await startVictim();
  const kill = await killBetweenPurchases(pid, async () => ({ buying: true, waiting: 1 }), 2);
  expect(kill.buying).toBe(true);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

/** The kernel halts a process when it would run next: at once, but on a busy machine not yet. */
async function haltedState(pid: number): Promise<string | undefined> {
  for (const deadline = Date.now() + 5_000; ;) {
    const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    if (state === 'T' || Date.now() > deadline) return state;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
