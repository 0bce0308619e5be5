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
  let missing: string[] = [...SEARCH_ATTRIBUTES];
  const call = <T>(run: () => Promise<T>) => connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, run);
  try {
    const { customAttributes } = await call(() =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    missing = SEARCH_ATTRIBUTES.filter((name) => customAttributes[name] !== KEYWORD);
    if (missing.length === 0) return { registered: [], missing: [] };
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
    await call(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }));
    return { registered: missing, missing: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { registered: [], missing, reason };
  }
}
