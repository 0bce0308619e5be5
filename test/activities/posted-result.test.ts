import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { CheckResult } from '../../src/activities/check.ts';
import type { DataForSeoScript } from '../../src/simulator/dataforseo/faults.ts';
import { createPostedWorld, resultOf } from './posted-support.ts';
import type { PostedWorld } from './posted-support.ts';

const OTHER_ID = '11231200-9001-0066-0000-0123456789ab';

/** The provider takes the task and does not come to say so. */
const LOSE_THE_ANSWER: DataForSeoScript = { on: 'call', call: 'task_post', steps: [{ fault: 'drop-after' }] };

/** The title of the first entry of what was stored; that of a posted result is "Posted". */
async function titleOf(world: PostedWorld, result: CheckResult): Promise<string | undefined> {
  if (result.kind !== 'ended' || !result.record.result) throw new Error('nothing was stored');
  return (await world.deps.store.results.readAnswer(result.record.result))?.ranks?.[0]?.title;
}

test('takes what was posted for its task instead of asking the provider, and keeps nothing of it beside', async () => {
  const world = await createPostedWorld();
  const receipt = await world.buy();
  await world.post(resultOf(world, receipt.taskId), receipt.taskId);
  const result = await world.look(receipt);
  expect(result).toMatchObject({ kind: 'ended', record: { outcome: 'done', charge: receipt.charge } });
  expect(await titleOf(world, result)).toBe('Posted');
  expect(await world.gets()).toBe(0);
  expect(await world.deps.store.postbacks.taskIds(world.tag)).toEqual([]);
});

test('takes it without a call, a queue or a second time, and leaves everything else to a look', async () => {
  const world = await createPostedWorld();
  const receipt = await world.buy();
  expect(await world.take(receipt)).toEqual({ kind: 'pending' });
  await world.post(resultOf(world, receipt.taskId, { code: 40101 }), receipt.taskId);
  expect(await world.take(receipt)).toEqual({ kind: 'pending' });
  await world.deps.store.postbacks.clear(world.tag);
  await world.post(resultOf(world, receipt.taskId), receipt.taskId);
  // Of several forms the others have to be asked for.
  expect(await world.take({ ...receipt, variants: ['advanced', 'html'] })).toEqual({ kind: 'pending' });
  const result = await world.take(receipt);
  expect(await titleOf(world, result)).toBe('Posted');
  expect(await world.take(receipt)).toEqual(result);
  expect(await world.gets()).toBe(0);
});

test('takes a body that is not compressed, too', async () => {
  const world = await createPostedWorld();
  const receipt = await world.buy();
  await world.post(gunzipSync(resultOf(world, receipt.taskId)), receipt.taskId);
  expect(await titleOf(world, await world.look(receipt))).toBe('Posted');
  expect(await world.gets()).toBe(0);
});

test.each<[string, (world: PostedWorld, taskId: string) => Uint8Array | string]>([
  ['no JSON', () => gzipSync('<html>no JSON')],
  ['no JSON and not compressed', () => '<html>'],
  ['random bytes', () => randomBytes(1_000)],
  ['cut off', (world, taskId) => resultOf(world, taskId).subarray(0, 100)],
  ['larger than a result may be when unpacked', () => gzipSync(Buffer.alloc(65 * 1024 * 1024))],
  ['of another task', (world, taskId) => resultOf(world, taskId, { id: OTHER_ID })],
  ['of another mark', (_, taskId) => resultOf({ tag: 'zzz999-0123456789abcdef0123456789' }, taskId)],
  ['of another form', (world, taskId) => resultOf(world, taskId, { variant: 'html' })],
  ['not ready', (world, taskId) => resultOf(world, taskId, { code: 40602 })],
  ['a failure, which may cost another purchase', (world, taskId) => resultOf(world, taskId, { code: 40101 })],
])('ignores what was posted if it is %s, and asks the provider', async (_, body) => {
  const world = await createPostedWorld();
  const receipt = await world.buy();
  await world.post(body(world, receipt.taskId), receipt.taskId);
  const result = await world.look(receipt);
  expect(result).toMatchObject({ kind: 'ended', record: { outcome: 'done' } });
  expect(await titleOf(world, result)).not.toBe('Posted');
  expect(await world.gets()).toBe(1);
  expect(await world.deps.store.postbacks.taskIds(world.tag)).toEqual([]);
});

test('ignores what was posted under the right mark for another task', async () => {
  const world = await createPostedWorld();
  const receipt = await world.buy();
  await world.post(resultOf(world, OTHER_ID), OTHER_ID);
  expect(await titleOf(world, await world.look(receipt))).not.toBe('Posted');
  expect(await world.gets()).toBe(1);
});

test('keeps no token of its own addresses, whether the result was posted or fetched', async () => {
  for (const posted of [true, false]) {
    const world = await createPostedWorld();
    const receipt = await world.buy();
    const { postbackUrl = '' } = world.deps.callbacksFor?.(world.tag) ?? {};
    const token = postbackUrl.split('/').at(-1)?.split('?')[0] ?? 'none';
    const body = resultOf({ tag: world.tag, postbackUrl }, receipt.taskId);
    if (posted) await world.post(body, receipt.taskId);
    const result = await world.look(receipt);
    if (result.kind !== 'ended' || !result.record.result) throw new Error('nothing was stored');
    const raw = Buffer.from(await world.deps.store.results.readRaw(result.record.result)).toString();
    expect(raw).toContain('/postback/'); // the provider did echo the address
    expect(raw).not.toContain(token);
    expect(JSON.stringify(result.record)).not.toContain(token);
  }
});

test.each(['check:answer-received', 'check:result-stored'] as const)(
  'takes what was posted again if it died at %s, and asks nobody',
  async (point) => {
    const world = await createPostedWorld();
    const receipt = await world.buy();
    await world.post(resultOf(world, receipt.taskId), receipt.taskId);
    await expect(world.look(receipt, point)).rejects.toThrow('died');
    const result = await world.look(receipt);
    expect(await titleOf(world, result)).toBe('Posted');
    expect(await world.gets()).toBe(0);
  },
);

test.each(['check:verdict-written', 'check:record-written'] as const)(
  'ends from its journal if it died at %s, and leaves nothing of the post',
  async (point) => {
    const world = await createPostedWorld();
    const receipt = await world.buy();
    await world.post(resultOf(world, receipt.taskId), receipt.taskId);
    await expect(world.look(receipt, point)).rejects.toThrow('died');
    expect(await titleOf(world, await world.look(receipt))).toBe('Posted');
    expect(await world.gets()).toBe(0);
    expect(await world.deps.store.postbacks.taskIds(world.tag)).toEqual([]);
  },
);

test('gives the provider an address that carries its mark, and none of it goes into the journal', async () => {
  const world = await createPostedWorld();
  await world.buy();
  const { postbackUrl = '' } = world.deps.callbacksFor?.(world.tag) ?? {};
  const submission = await world.deps.store.journal.findByTag(world.tag);
  expect(postbackUrl).toContain(`/postback/${world.tag}/`);
  expect(JSON.stringify(submission)).not.toContain('/postback/');
});

test('settles a purchase whose answer was lost by what was posted for it', async () => {
  const world = await createPostedWorld();
  await world.control.dataforseo.script(LOSE_THE_ANSWER);
  await expect(world.submit()).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
  const [task] = (await world.control.dataforseo.ledger()).tasks;
  if (!task) throw new Error('nothing was bought');
  await world.post(resultOf(world, task.id), task.id);
  const settled = await world.reconcile();
  expect(settled).toMatchObject({
    kind: 'receipt',
    receipt: { taskId: task.id, charge: { usdMicros: 600 } },
  });
  if (settled.kind !== 'receipt') throw new Error('no receipt');
  expect(await world.submit()).toMatchObject({ kind: 'receipt', receipt: { taskId: task.id } });
  expect(await world.look(settled.receipt)).toMatchObject({ kind: 'ended', record: { outcome: 'done' } });
  expect(await world.gets()).toBe(0);
});

test('does not settle it by a body that names another mark or no task', async () => {
  const world = await createPostedWorld();
  await world.control.dataforseo.script(LOSE_THE_ANSWER);
  await expect(world.submit()).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
  await world.post(resultOf({ tag: 'zzz999-0123456789abcdef0123456789' }, OTHER_ID), OTHER_ID);
  await world.post('{}', 'task-without-body');
  await expect(world.reconcile()).rejects.toMatchObject({ type: 'Pending' }); // the search has to tell
});

test('finds the purchase also if the result was posted after it had been given up', async () => {
  const world = await createPostedWorld();
  await world.control.dataforseo.script(LOSE_THE_ANSWER);
  await expect(world.submit()).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
  await world.deps.store.journal.createUnknown({
    scrapeId: 'scrape/posted',
    n: 1,
    message: 'given up',
    possiblySpent: { usdMicros: 600 },
    at: new Date().toISOString(),
  });
  expect(await world.submit()).toMatchObject({ kind: 'unknown' });
  const [task] = (await world.control.dataforseo.ledger()).tasks;
  if (!task) throw new Error('nothing was bought');
  await world.post(resultOf(world, task.id), task.id);
  expect(await world.submit()).toMatchObject({ kind: 'receipt', receipt: { taskId: task.id } });
});
