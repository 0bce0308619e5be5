import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { expect, inject, onTestFinished, test } from 'vitest';
import { connectClient } from '../../src/dev-server/connect.ts';
import { ensureServer, type Server } from '../../src/dev-server/ensure-server.ts';
import { untilPortFree } from '../../src/dev-server/free-port.ts';
import { processCommand } from '../../src/dev-server/process-command.ts';
import { readServerRecord, writeServerRecord } from '../../src/dev-server/server-record.ts';
import { stopServer } from '../../src/dev-server/stop-server.ts';
import { temporaryFolder } from './fakes.ts';

/** A folder whose server, whoever started it, ends with the test. */
function serverFolder(): string {
  const folder = join(temporaryFolder(), 'temporal');
  onTestFinished(async () => {
    const record = await readServerRecord(folder);
    if (record) await stopServer(folder, record.pid);
  });
  return folder;
}

function environment(folder: string, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...env, PATH: process.env['PATH'], HOME: folder, TEMPORAL_CLI_PATH: inject('temporalCli') };
}

function ensure(
  folder: string,
  options: { temporal?: number; env?: NodeJS.ProcessEnv; lines?: string[] } = {},
) {
  return ensureServer({
    env: environment(folder, options.env),
    folder,
    ports: { temporal: options.temporal ?? 0, ui: 0 },
    log: (line) => options.lines?.push(line),
  });
}

async function pidOf(folder: string): Promise<number> {
  const record = await readServerRecord(folder);
  if (!record) throw new Error('no server.json');
  return record.pid;
}

async function withClient<T>(server: Server, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await connectClient(server.connection);
  try {
    return await use(new Client({ connection, namespace: server.namespace }));
  } finally {
    await connection.close();
  }
}

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

async function untilGone(pid: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  while ((await processCommand(pid)) !== undefined) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there`);
    await sleep(20);
  }
}

/** Takes a port that was used a moment ago. */
async function untilListening(server: TcpServer, port: number): Promise<void> {
  await untilPortFree(port, 20_000);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

/** Ensures the folder's server in another process. */
async function otherProcess(folder: string): Promise<{ child: ChildProcess; got: unknown }> {
  const file = fileURLToPath(new URL('./ensure-in-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, folder], {
    env: environment(folder),
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // a process group of its own, as a shell gives each command
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) return { child, got: JSON.parse(line) };
  throw new Error('the other process ended without a server');
}

test('starts a server, finds it again, and leaves nothing behind when it is stopped', async () => {
  const folder = serverFolder();
  const first = await ensure(folder);
  expect(first).toMatchObject({ origin: 'started', namespace: 'default' });
  expect(first.tried.at(-1)).toMatchObject({ way: 'TEMPORAL_CLI_PATH', ok: true });
  expect((await fetch(first.uiUrl ?? '')).status).toBe(200);
  const pid = await pidOf(folder);

  const second = await ensure(folder);
  expect(second).toMatchObject({ origin: 'running', address: first.address, uiUrl: first.uiUrl });
  await second.stop();
  expect(await processCommand(pid)).toBeDefined(); // it is the first one's

  await first.stop();
  expect(await processCommand(pid)).toBeUndefined();
  expect(await readServerRecord(folder)).toBeUndefined();
  expect(existsSync(join(folder, 'server.lock'))).toBe(false);
});

test('gives a started server our search attributes', async () => {
  const server = await ensure(serverFolder());
  const searchAttributes = { Scraper: ['s'], BatchId: ['b'], Account: ['a'], Label: ['l'] };
  const count = await withClient(server, async (client) => {
    await client.workflow.start('w', { taskQueue: 'nobody', workflowId: 'w', searchAttributes });
    await expect.poll(() => client.workflow.count("BatchId = 'b'")).toMatchObject({ count: 1 });
    return client.workflow.count("Label = 'other'");
  });
  expect(count.count).toBe(0);
  await server.stop();
});

test('starts one server for two processes at once', async () => {
  const folder = serverFolder();
  const processes = await Promise.all([otherProcess(folder), otherProcess(folder)]);
  const origins = processes.map(({ got }) => (got as { origin: string }).origin); // printed by ensure-in-process.ts
  expect(origins.sort()).toEqual(['running', 'started']);
  const pids = new Set(processes.map(({ got }) => (got as { pid: number }).pid));
  expect([...pids]).toEqual([await pidOf(folder)]);
  for (const { child } of processes) {
    child.stdin?.end();
    await once(child, 'exit');
  }
  for (const pid of pids) await untilGone(pid);
});

test.each(['SIGKILL', 'SIGINT'] as const)(
  'adopts the server of a process whose terminal group got %s, and stops it in the end',
  async (signal) => {
    const folder = serverFolder();
    const { child } = await otherProcess(folder);
    const pid = await pidOf(folder);
    const exited = once(child, 'exit');
    process.kill(-(child.pid ?? Number.NaN), signal);
    await exited;
    expect(await processCommand(pid)).toBeDefined(); // outlives its owner

    const server = await ensure(folder);
    expect(server.origin).toBe('running');
    expect(await pidOf(folder)).toBe(pid);
    await server.stop();
    await untilGone(pid);
  },
);

test('leaves a hanging server to its owner, and replaces it once the owner is dead', async () => {
  const folder = serverFolder();
  const first = await ensure(folder);
  const record = await readServerRecord(folder);
  if (!record) throw new Error('no server.json');
  process.kill(record.pid, 'SIGSTOP');
  await expect(ensure(folder)).rejects.toThrow(`end process ${process.pid} and try again`);

  await writeServerRecord(folder, { ...record, ownerPid: deadPid() });
  const lines: string[] = [];
  const second = await ensure(folder, { lines });
  expect(second.origin).toBe('started');
  expect(lines).toContainEqual(expect.stringContaining(`(process ${record.pid}) does not answer`));
  await untilGone(record.pid);
  await first.stop();
  await second.stop();
});

test('starts a killed server again at the same address with its open workflows', async () => {
  const folder = serverFolder();
  // Below the ports of outgoing connections, one of which could take it while the server is away.
  const wished = { temporal: 18_000 + Math.floor(Math.random() * 10_000) };
  const first = await ensure(folder, wished);
  await withClient(first, (client) =>
    client.workflow.start('w', { taskQueue: 'nobody', workflowId: 'open' }),
  );
  const pid = await pidOf(folder);
  process.kill(pid, 'SIGKILL');
  await untilGone(pid);

  const second = await ensure(folder, wished);
  expect(second).toMatchObject({ origin: 'started', address: first.address });
  const described = await withClient(second, (client) => client.workflow.getHandle('open').describe());
  expect(described.status.name).toBe('RUNNING');
  await first.stop(); // has nothing to stop any more
  expect(await processCommand(await pidOf(folder))).toBeDefined();
  await second.stop();
});

test('waits for the port of a killed server, whose threads may hold it after its process seems gone', async () => {
  const folder = serverFolder();
  const wished = { temporal: 18_000 + Math.floor(Math.random() * 10_000) };
  const first = await ensure(folder, wished);
  const pid = await pidOf(folder);
  process.kill(pid, 'SIGKILL');
  await untilGone(pid);
  const thread = createServer();
  const port = Number(first.address.split(':')[1]);
  await untilListening(thread, port);
  setTimeout(() => thread.close(), 1000);

  const second = await ensure(folder, wished);
  expect(second.address).toBe(first.address);
  await second.stop();
});

test('takes the next free port when the wished one is taken, and says so', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const address = other.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const lines: string[] = [];
  const server = await ensure(serverFolder(), { temporal: taken, lines });
  expect(Number(server.address.split(':')[1])).toBeGreaterThan(taken);
  expect(lines).toContainEqual(expect.stringContaining(`port ${taken} is taken`));
  await server.stop();
});

test('does not believe a server.json whose process id belongs to another program', async () => {
  const folder = serverFolder();
  const first = await ensure(folder);
  const record = await readServerRecord(folder);
  if (!record) throw new Error('no server.json');
  await first.stop();
  for (const pid of [process.pid, deadPid()]) {
    await writeServerRecord(folder, { ...record, pid });
    const server = await ensure(folder);
    expect(server.origin).toBe('started');
    await server.stop();
  }
});

test('gives a running server the namespace that a later call wants', async () => {
  const folder = serverFolder();
  const first = await ensure(folder);
  const second = await ensure(folder, { env: { TEMPORAL_NAMESPACE: 'other' } });
  expect(second).toMatchObject({ origin: 'running', namespace: 'other', address: first.address });
  await first.stop();
});

test('connects to the server of TEMPORAL_ADDRESS and starts none', async () => {
  const folder = serverFolder();
  const server = await ensure(folder, { env: { TEMPORAL_ADDRESS: inject('temporalAddress') } });
  expect(server).toMatchObject({ origin: 'environment', address: inject('temporalAddress') });
  expect(existsSync(folder)).toBe(false);
});
