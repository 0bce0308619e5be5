import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until it is so; throws after `timeoutMs`, or when the signal aborts. */
export async function untilTrue(
  look: () => Promise<boolean>,
  what: string,
  {
    timeoutMs = 60_000,
    everyMs = 50,
    signal,
  }: { timeoutMs?: number; everyMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}`);
    await sleep(everyMs, undefined, { signal });
  }
}
