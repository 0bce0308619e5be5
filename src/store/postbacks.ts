import type { ObjectStore } from './object-store.ts';
import type { Postbacks } from './store.ts';

/** One is the rule; two if an answer was lost and the same was bought again. More means that somebody makes them up. */
const MAX_TASKS_PER_TAG = 4;

/**
 * Posted bodies as objects: `postbacks/<hh>/<tag>.<task id>`. Created exclusively: a second delivery of the same task
 * changes nothing. A kill leaves a temporary file, which nobody reads; the sender got no answer then and lists the task.
 */
export function createPostbacks(objects: ObjectStore): Postbacks {
  async function keysOf(tag: string): Promise<string[]> {
    const keys = await objects.list(`${shardOf(tag)}/`);
    return keys.filter((key) => key.startsWith(keyOf(tag, '')));
  }

  return {
    async write(tag, taskId, body) {
      const key = keyOf(tag, taskId);
      const standing = await keysOf(tag);
      if (standing.includes(key)) return 'known';
      if (standing.length >= MAX_TASKS_PER_TAG) return 'full';
      return (await objects.createExclusiveStream(key, body)) ? 'stored' : 'known';
    },

    read: (tag, taskId) => objects.get(keyOf(tag, taskId)),

    async taskIds(tag) {
      return (await keysOf(tag)).map((key) => key.slice(keyOf(tag, '').length));
    },

    async clear(tag) {
      for (const key of await keysOf(tag)) await objects.remove(key);
    },
  };
}

function keyOf(tag: string, taskId: string): string {
  return `${shardOf(tag)}/${tag}.${taskId}`;
}

/** A tag ends in digits of a hash, so shards fill evenly and a folder stays small. */
function shardOf(tag: string): string {
  return `postbacks/${tag.slice(-2)}`;
}
