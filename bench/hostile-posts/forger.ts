import { createHmac } from 'node:crypto';
import type { CallbackUrls } from '../../src/webhooks/callback-urls.ts';
import type { World } from '../paid-path/world.ts';

/** An address that the forger knows, of a purchase that is under way. */
export interface KnownAddress {
  tag: string;
  taskId: string;
}

const HUGE_BYTES = 50 * 1024 * 1024;
const TOO_LARGE_BYTES = 65 * 1024 * 1024;
/** Of those that leaked, the newest: their purchases are under way. */
const NEWEST = 10;
/** Posts whose bodies are large in fact; each is written to the disk. */
const HUGE_EVERY = 1_000;

/** One forged post; returns what it was answered with, 0 for none. `known`: purchases whose address has leaked. */
export async function forge(
  { random }: World,
  urls: CallbackUrls,
  known: KnownAddress[],
  nth: number,
): Promise<number> {
  const target =
    known.length > 0 ? random.pick(known.slice(0, NEWEST)) : { tag: 'gl0000-00', taskId: 'none' };
  const right = (urls.callbacksFor(target.tag).postbackUrl ?? '').replace('$id', target.taskId);
  const guessed = createHmac('sha256', String(nth)).update(target.tag).digest('base64url');
  const kinds = [
    () => post(right.replace(/\/[^/]*\?id=/, `/${guessed}?id=`), foreignResult(target.taskId, target.tag)),
    () => post(right.replace(/id=.*/, 'id=11200913-9001-0626-0000-9f27b1d84c20'), foreignResult('x', 'y')),
    () => post(right.replace(/id=.*/, 'id=../../owner.json'), 'x'),
    // With an address that leaked: somebody else's result, and no result at all.
    () => post(right, foreignResult('11200913-9001-0626-0000-9f27b1d84c20', target.tag)),
    () => post(right, 'not a result'),
    () => post(right, ''),
    () => post(right.replace('/postback/', '/results/'), 'x'),
  ];
  if (nth % HUGE_EVERY === 1) return post(right, Buffer.alloc(HUGE_BYTES, 'x'));
  if (nth % HUGE_EVERY === 2) return post(right, Buffer.alloc(TOO_LARGE_BYTES, 'x'));
  return random.pick(kinds)();
}

/** A good result as the provider posts it, for the wrong task. */
function foreignResult(id: string, tag: string): string {
  const data = { api: 'serp', function: 'task_get', se: 'google', se_type: 'images', tag };
  const result = [{ keyword: 'FORGED', type: 'images', items: [] }];
  const task = {
    id,
    status_code: 20_000,
    status_message: 'Ok.',
    cost: 0.0006,
    result_count: 1,
    data,
    result,
  };
  return JSON.stringify({ status_code: 20_000, status_message: 'Ok.', tasks_count: 1, tasks: [task] });
}

async function post(url: string, body: string | Buffer<ArrayBuffer>): Promise<number> {
  try {
    const response = await fetch(url, { method: 'POST', body });
    await response.text();
    return response.status;
  } catch {
    return 0; // refused before the body was through
  }
}
