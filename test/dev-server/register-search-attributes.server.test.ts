import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/messages.ts';
import { connectClient } from '../../src/dev-server/connect.ts';
import { ensureSearchAttributes } from '../../src/dev-server/register-search-attributes.ts';

const INT: number = 3; // INDEXED_VALUE_TYPE_INT, whose enum the SDK does not export

let connection: Connection;
beforeAll(async () => {
  connection = await connectClient({ address: inject('temporalAddress') });
});
afterAll(() => connection.close());

async function bareNamespace(): Promise<string> {
  const namespace = `bare-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const { operatorService } = connection;
  await expect.poll(() => operatorService.listSearchAttributes({ namespace }).then(() => true)).toBe(true);
  return namespace;
}

test('registers what is missing, and nothing the second time', async () => {
  const namespace = await bareNamespace();
  expect(await ensureSearchAttributes(connection, namespace)).toEqual({
    registered: [...SEARCH_ATTRIBUTES],
    missing: [],
  });
  await expect
    .poll(() => ensureSearchAttributes(connection, namespace))
    .toEqual({ registered: [], missing: [] });
});

test('registers the others when one name is in use with another type, and says which is not', async () => {
  const namespace = await bareNamespace();
  const { operatorService } = connection;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries([['BatchId', INT]]),
  });
  await expect
    .poll(async () => (await operatorService.listSearchAttributes({ namespace })).customAttributes['BatchId'])
    .toBe(INT);
  const result = await ensureSearchAttributes(connection, namespace);
  expect(result.missing).toEqual(['BatchId']);
  expect(result.registered).toEqual(SEARCH_ATTRIBUTES.filter((name) => name !== 'BatchId'));
  expect(result.reason).toContain('BatchId');
});

test('says why all are missing when the namespace cannot be reached', async () => {
  const result = await ensureSearchAttributes(connection, 'not-there');
  expect(result.registered).toEqual([]);
  expect(result.missing).toEqual([...SEARCH_ATTRIBUTES]);
  expect(result.reason).toContain('not-there');
});
