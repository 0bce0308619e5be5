import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, untilPortFree } from '../../src/dev-server/free-port.ts';

async function occupiedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port; // a listening TCP server has one
}

test('takes the next free port when the wished one is taken', async () => {
  const wished = await occupiedPort();
  expect(await freePort(wished)).toBeGreaterThan(wished);
});

test('passes over a port that is spoken for', async () => {
  const free = await freePort(0);
  expect(await freePort(free, [free])).toBeGreaterThan(free);
});

test('waits for a port that is given back in time, and not for one that is not', async () => {
  const kept = await occupiedPort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  setTimeout(() => server.close(), 200);

  await untilPortFree(port, 30_000);
  expect(server.listening).toBe(false);
  await untilPortFree(kept, 100);
});
