import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How far above the wished port to look before giving up. */
const PORTS_TO_TRY = 100;
/** Between two looks whether a port is free. */
const LOOK_EVERY_MS = 50;

/** The first free port from `wished` upwards that is not in `taken`; 0 takes any free one. */
export async function freePort(wished: number, taken: readonly number[] = []): Promise<number> {
  if (wished === 0) return listenOnce(0);
  for (let port = wished; port < Math.min(wished + PORTS_TO_TRY, 65_536); port++) {
    if (taken.includes(port)) continue;
    try {
      return await listenOnce(port);
    } catch {
      // Somebody has it, or we may not: the next one.
    }
  }
  throw new Error(`no free port from ${wished} to ${wished + PORTS_TO_TRY - 1}`);
}

/** Returns once the port is free, or after `patienceMs`. */
export async function untilPortFree(port: number, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  const isFree = () =>
    listenOnce(port).then(
      () => true,
      () => false,
    );
  while (!(await isFree()) && Date.now() < deadline) await sleep(LOOK_EVERY_MS);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => resolve(bound));
    });
  });
}
