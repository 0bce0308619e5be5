import type { ForeignPost } from './events.ts';
import { familyOf } from './families.ts';
import { quote } from './pricing.ts';
import type { Task } from './task.ts';
import { newTaskId } from './task-id.ts';
import { echoOf, type Order } from './validate-task.ts';

/** The tasks of a post of somebody else's: the same ones each time, so that a state file need not hold them all. */
export function makeForeignTasks(post: ForeignPost): Task[] {
  const family = familyOf(post.family);
  const tasks: Task[] = [];
  for (let index = 0; index < post.count; index++) {
    const keyword = `somebody else's question ${index}`;
    const tag = `${post.tagPrefix}${index}`;
    const posted = { keyword, location_code: 2840, language_code: 'en', tag };
    const order: Order = {
      family,
      data: echoOf(family, posted),
      keyword,
      tag,
      locationCode: 2840,
      languageCode: 'en',
    };
    const doneAtMs = post.atMs + post.durationMs;
    tasks.push({
      id: newTaskId(post.atMs, family.idCodes.post, post.salt + index.toString(16).padStart(6, '0')),
      login: post.login,
      family: family.name,
      foreign: true,
      inFront: post.inFront,
      data: order.data,
      keyword,
      tag,
      locationCode: 2840,
      languageCode: 'en',
      identity: `foreign ${post.salt}`,
      nth: index,
      postedAtMs: post.atMs,
      visibleAtMs: post.atMs,
      searchableAtMs: post.atMs,
      searchedWithoutTag: false,
      handedAtMs: post.atMs,
      doneAtMs,
      listLagMs: 0,
      listedTwice: false,
      endCode: 20_000,
      costMicros: quote(order).totalMicros,
      refundMicros: 0,
      refundDelayMs: null,
      pages: 1,
      aiOverview: false,
      resultFaults: [],
      callbackFaults: [],
      callbackDelayMs: 0,
      minBytes: 0,
      hostile: false,
    });
  }
  return tasks;
}
