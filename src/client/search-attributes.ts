import { SearchAttributeType, defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../contracts/messages.ts';
import type { Temporal } from './temporal.ts';

/** Listing them reads a cache of the server; where it is not allowed, as on some clouds, it is refused at once. */
const CALL_TIMEOUT_MS = 5_000;

/** Whether all our search attributes can be set; a start with an unknown one would be refused. */
export async function knowsSearchAttributes({ client, namespace }: Temporal): Promise<boolean> {
  try {
    const { customAttributes } = await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      client.connection.operatorService.listSearchAttributes({ namespace }),
    );
    return SEARCH_ATTRIBUTES.every((name) => name in (customAttributes ?? {}));
  } catch {
    return false; // the worker sets them when it knows better
  }
}

/** Values by name; those that are undefined are left out. */
export function attributePairs(
  values: Partial<Record<(typeof SEARCH_ATTRIBUTES)[number], string>>,
): SearchAttributePair[] {
  return SEARCH_ATTRIBUTES.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    return [{ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value }];
  });
}
