import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { resendPostbacks } from '../../src/activities/resend-postbacks.ts';
import type { ResendResult } from '../../src/activities/resend-postbacks.ts';
import { ResendTurns } from '../../src/activities/resend-turns.ts';
import { PROVIDERS_BY_NAME } from '../../src/providers/registry.ts';
import { until } from '../support/scrapes.ts';
import { createPostedWorld, resultOf } from './posted-support.ts';
import type { PostedWorld } from './posted-support.ts';

const ACCOUNT = { provider: 'dataforseo', account: 'default' } as const;
const SCRAPERS = ['dataforseo/google-images', 'dataforseo/google-news'] as const;
const SINCE = '2020-01-01T00:00:00.000Z';

const resend = (world: PostedWorld, since = SINCE): Promise<ResendResult> =>
  resendPostbacks(world.deps, { provider: 'dataforseo', account: 'default', family: 'serp', since });

/** How often the provider was asked for failed posts. */
async function lists({ control }: PostedWorld): Promise<number> {
  return (await control.dataforseo.state()).calls['errors'] ?? 0;
}

/** An address that answers with `status`, and what it was called with. */
async function startTarget(status: { now: number }): Promise<{ url: string; posts: string[] }> {
  const posts: string[] = [];
  const server = createServer((request, response) => {
    posts.push(request.url ?? '');
    request.resume().on('end', () => response.writeHead(status.now).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posts };
}

/** How many failed posts the provider lists. */
async function failures({ deps }: PostedWorld): Promise<number> {
  const account = deps.accounts.find('dataforseo', 'default');
  const { webhooks } = PROVIDERS_BY_NAME.dataforseo;
  if (!account || !webhooks) throw new Error('the world has no account');
  const request = webhooks.failedRequest('serp', Date.parse(SINCE), account);
  const outcome = await deps.http.send(request, { fresh: false, timeoutMs: 10_000 });
  const answer = outcome.kind === 'reply' ? webhooks.readFailed(outcome.reply) : undefined;
  return answer?.kind === 'listed' ? answer.calls.length : 0;
}

async function failedOnce(): Promise<{
  world: PostedWorld;
  posts: string[];
  taskId: string;
  status: { now: number };
}> {
  const status = { now: 503 };
  const { url, posts } = await startTarget(status);
  const world = await createPostedWorld(url);
  const { taskId } = await world.buy();
  await until(async () => (await failures(world)) === 1, 'the provider lists the failed post');
  return { world, posts, taskId, status };
}

test('has a post made again that did not arrive, and asks from there on', async () => {
  const { world, posts, taskId, status } = await failedOnce();
  status.now = 200;
  const result = await resend(world);
  expect(result).toEqual({ resent: 1, next: expect.any(String) });
  expect(Date.parse(result.next)).toBeGreaterThan(Date.parse(SINCE));
  await until(async () => posts.length === 2, 'it is posted again');
  expect(posts[1]).toContain(taskId);
  expect(posts[1]).toBe(posts[0]);
  expect(await resend(world, result.next)).toEqual({ resent: 0, next: result.next });
});

test('leaves alone what has arrived, what was collected and what is not ours', async () => {
  const { world, posts, taskId } = await failedOnce();
  await world.post(resultOf(world, taskId), taskId);
  expect(await resend(world)).toMatchObject({ resent: 0 });
  const receipt = await world.buy(); // the same one, out of the journal
  await world.look(receipt);
  expect(await resend(world)).toMatchObject({ resent: 0 });
  const stranger = await createPostedWorld();
  const { deps } = { ...world, deps: { ...world.deps, store: stranger.deps.store } };
  expect(
    await resendPostbacks(deps, { provider: 'dataforseo', account: 'default', family: 'serp', since: SINCE }),
  ).toMatchObject({ resent: 0 });
  expect(posts).toHaveLength(1);
});

test('asks again from the same time after trouble', async () => {
  const { world } = await failedOnce();
  await world.control.dataforseo.script({
    on: 'call',
    call: 'errors',
    steps: [{ fault: 'root-error', code: 40202 }],
  });
  expect(await resend(world)).toMatchObject({
    next: SINCE,
    resent: 0,
    trouble: expect.stringContaining('40202'),
  });
  await world.control.dataforseo.script({
    on: 'call',
    call: 'webhook_resend',
    steps: [{ fault: 'drop-before' }],
  });
  expect(await resend(world)).toMatchObject({ next: SINCE, resent: 0, trouble: expect.any(String) });
  expect(await resend(world)).toMatchObject({ resent: 1 });
});

test('is asked once a minute for each list of failed calls, and goes on where it was', async () => {
  const { world, posts, taskId, status } = await failedOnce();
  status.now = 200;
  const turns = new ResendTurns();
  let nowMs = 0;
  const clock = { now: () => nowMs, wall: () => Date.now() };
  const take = (): Promise<number> => turns.take(world.deps, ACCOUNT, SCRAPERS, clock);
  const before = await lists(world);
  expect(await take()).toBe(1);
  await until(async () => posts.length === 2, 'it is posted again');
  expect(posts[1]).toContain(taskId);
  nowMs = 59_000;
  expect(await take()).toBe(0);
  expect(await lists(world)).toBe(before + 1);
  nowMs = 61_000;
  expect(await take()).toBe(0);
  expect(await lists(world)).toBe(before + 2);
});

test('asks nothing where providers are given no address', async () => {
  const { world } = await failedOnce();
  const { callbacksFor: _, ...deps } = world.deps;
  const before = await lists(world);
  const clock = { now: () => 0, wall: () => Date.now() };
  expect(await new ResendTurns().take(deps, ACCOUNT, SCRAPERS, clock)).toBe(0);
  expect(await lists(world)).toBe(before);
});
