import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import { connectClient } from '../../src/dev-server/connect.ts';
import { ensureSearchAttributes } from '../../src/dev-server/register-search-attributes.ts';

export interface TestNamespace {
  client: Client;
  nativeConnection: NativeConnection;
  namespace: string;
  address: string;
  close(): Promise<void>;
}

const USABLE_TIMEOUT_MS = 20_000;

/** A fresh namespace with our search attributes: one a test file keeps hard-coded queue names and ids apart. */
export async function createNamespace(): Promise<TestNamespace> {
  const address = inject('temporalAddress');
  const namespace = `test-${randomUUID()}`;
  const connection = await connectClient({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const client = new Client({ connection, namespace });
  await untilUsable(client, connection);
  const nativeConnection = await NativeConnection.connect({ address });
  const close = async () => {
    await nativeConnection.close();
    await connection.close();
  };
  return { client, nativeConnection, namespace, address, close };
}

/** The server's parts learn of a namespace and its attributes within some tens of milliseconds, each for itself. */
async function untilUsable(client: Client, connection: Connection): Promise<void> {
  const deadline = Date.now() + USABLE_TIMEOUT_MS;
  for (;;) {
    try {
      const { missing, reason } = await ensureSearchAttributes(connection, client.options.namespace);
      if (missing.length > 0) throw new Error(`search attributes ${missing.join(', ')}: ${reason}`);
      await client.workflow.count(`Scraper = 'x' AND BatchId = 'x' AND Account = 'x' AND Label = 'x'`);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
