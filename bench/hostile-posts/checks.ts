import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerTask } from '../../src/simulator/dataforseo/ledger.ts';
import type { CallbackUrls } from '../../src/webhooks/callback-urls.ts';
import type { World } from '../paid-path/world.ts';
import type { Check } from '../scale/check.ts';
import type { HostilePosts } from './run.ts';

/** Nothing is lost, nothing that is stored is anybody else's, and the receiver still answers. */
export async function checkHostilePosts(
  world: World,
  { lives, posts }: HostilePosts,
  urls: CallbackUrls,
): Promise<Check[]> {
  const { tasks } = world.simulator.sim.dataforseo.ledger();
  const byPrompt = new Map<string, LedgerTask[]>();
  for (const task of tasks) byPrompt.set(task.keyword, [...(byPrompt.get(task.keyword) ?? []), task]);
  const [twice, lost, wrong, telling]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const { row, next } of lives) {
    const own = byPrompt.get(row.input.prompt) ?? [];
    const result = next.kind === 'ended' ? next.record.result : undefined;
    if (own.length !== 1) twice.push(row.scrapeId);
    if (!result) {
      lost.push(row.scrapeId);
      continue;
    }
    const raw = Buffer.from(await world.store.results.readRaw(result)).toString();
    const body = JSON.parse(raw) as { tasks: Array<{ id: string }> }; // a stored result of a task that is done
    if (body.tasks[0]?.id !== own[0]?.id || raw.includes('FORGED')) wrong.push(row.scrapeId);
    const { postbackUrl = '' } = urls.callbacksFor(world.store.journal.tag(row.scrapeId, 1));
    const token = postbackUrl.split('/').at(-1)?.split('?')[0] ?? '';
    if (raw.includes(token)) telling.push(row.scrapeId);
  }
  const left = await filesBelow(join(world.store.location, 'postbacks'));
  const address = (urls.callbacksFor('x').postbackUrl ?? '').replace(/\/[^/]*$/, '/forged?id=x');
  const alive = await fetch(address, { method: 'POST', body: 'x' });
  return [
    check('scrapes that are not billed exactly once', twice, lives.length),
    check('scrapes without a result', lost, lives.length),
    check('results that are not the purchase’s own', wrong, lives.length),
    check('results with a token in them', telling, lives.length),
    {
      name: 'posts that are kept after all has ended',
      figure: String(left.length),
      ok: left.length === 0,
      about: left,
    },
    { name: 'posts that came', figure: String(posts.sent), ok: lives.length > 0, about: [] },
    {
      name: 'the receiver still answers',
      figure: `${alive.status} to a wrong address`,
      ok: alive.status === 404,
      about: [],
    },
  ];
}

function check(name: string, about: string[], all: number): Check {
  return { name, figure: `${about.length} of ${all}`, ok: about.length === 0, about };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
