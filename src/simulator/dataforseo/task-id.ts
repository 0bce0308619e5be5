import { randomBytes } from 'node:crypto';

/** Shape of the vendor's ids: called UUIDs by its pages, but no RFC 4122 version or variant is in them. */
export const TASK_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The account's part of every id. */
const ACCOUNT = '9001';

/**
 * An id like the vendor's: date and time, account, function, zeros, then twelve digits that are drawn anew each time,
 * because two runs must never give two purchases the same id.
 */
export function newTaskId(
  nowMs: number,
  functionCode: string,
  tail = randomBytes(6).toString('hex'),
): string {
  const [, month, day, hour, minute] =
    /-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(new Date(nowMs).toISOString()) ?? [];
  return `${month}${day}${hour}${minute}-${ACCOUNT}-${functionCode}-0000-${tail}`;
}
