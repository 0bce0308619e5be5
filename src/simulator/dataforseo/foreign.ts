import type { ForeignPost } from './events.ts';
import { familyOf, type Family } from './families.ts';
import { quote } from './pricing.ts';
import type { Task } from './task.ts';
import { newTaskId } from './task-id.ts';
import { echoOf, type Order } from './validate-task.ts';

/** The tasks of a post of somebody else's: the same ones each time, so that a state file need not hold them all. */
export function makeForeignTasks(post: ForeignPost): Task[] {
  const family = familyOf(post.family);
  const market = { location_code: 2840, language_code: 'en' };
  const first = orderOf(family, { ...market, keyword: 'x', tag: 'x' });
  const costMicros = quote(first).totalMicros;
  const idStart = newTaskId(post.atMs, family.idCodes.post, post.salt);
  return Array.from({ length: post.count }, (_, index) => {
    const keyword = `somebody else's question ${index}`;
    const tag = `${post.tagPrefix}${index}`;
    return {
      id: idStart + index.toString(16).padStart(6, '0'),
      login: post.login,
      family: family.name,
      foreign: true,
      inFront: post.inFront,
      data: { ...first.data, keyword, tag },
      keyword,
      tag,
      locationCode: first.locationCode,
      languageCode: first.languageCode,
      identity: `foreign ${post.salt}`,
      nth: index,
      postedAtMs: post.atMs,
      visibleAtMs: post.atMs,
      searchableAtMs: post.atMs,
      searchedWithoutTag: false,
      handedAtMs: post.atMs,
      doneAtMs: post.atMs + post.durationMs,
      listLagMs: 0,
      listedTwice: false,
      listedBeforePostback: false,
      endCode: 20_000,
      costMicros,
      refundMicros: 0,
      refundDelayMs: null,
      pages: 1,
      aiOverview: false,
      resultFaults: [],
      callbackFaults: [],
      callbackDelayMs: 0,
      minBytes: 0,
      hostile: false,
    };
  });
}

function orderOf(family: Family, posted: { keyword: string; tag: string }): Order {
  const { keyword, tag } = posted;
  return { family, data: echoOf(family, posted), keyword, tag, locationCode: 2840, languageCode: 'en' };
}
