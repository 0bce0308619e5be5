import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../contracts/messages.ts';

/** `INDEXED_VALUE_TYPE_KEYWORD` of temporal/api/enums/v1/common.proto. */
const KEYWORD = 2;
/** Registering writes to the visibility store; on Cloud it is refused at once. */
const CALL_TIMEOUT_MS = 30_000;

export interface SearchAttributesResult {
  /** Those that were missing and are registered now. */
  registered: string[];
  /** Those that are still missing: runs cannot be listed by them. */
  missing: string[];
  /** Why some are missing. */
  reason?: string;
}

/** Registers our search attributes where they are missing; never throws, since everything but listing works without. */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<SearchAttributesResult> {
  const result: SearchAttributesResult = { registered: [], missing: [] };
  const call = <T>(run: () => Promise<T>) => connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, run);
  let absent: readonly string[] = SEARCH_ATTRIBUTES;
  try {
    const { customAttributes } = await call(() =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    // Registering a name again with another type is accepted without a word and changes nothing.
    result.missing = SEARCH_ATTRIBUTES.filter(
      (name) => ![undefined, KEYWORD].includes(customAttributes[name]),
    );
    if (result.missing.length > 0) result.reason = `in use with another type: ${result.missing.join(', ')}`;
    absent = SEARCH_ATTRIBUTES.filter((name) => customAttributes[name] === undefined);
  } catch (error) {
    // Who may not list may still be allowed to register.
    result.reason = messageOf(error);
  }
  for (const name of absent) {
    const searchAttributes = { [name]: KEYWORD };
    try {
      await call(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }));
      result.registered.push(name);
    } catch (error) {
      result.missing.push(name);
      result.reason = messageOf(error);
    }
  }
  return result;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
