import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../src/dev-server/free-port.ts';

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
