/** `act` on every item, at most `atOnce` at a time; results in the items' order. The first throw is thrown when all begun ones have ended. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const todo = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of todo) results[index] = await act(item);
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  return results;
}
