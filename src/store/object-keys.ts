const SEGMENT = /^[A-Za-z0-9._-]{1,200}$/;

/** Where temporary files are: never a key, so that nothing half written can be listed or read. */
export const TEMP_FOLDER = 'tmp';

/** Whether `key` may name an object: no traversal, nothing to quote, no name that a file system refuses. */
export function isObjectKey(key: string): boolean {
  const segments = key.split('/');
  return segments[0] !== TEMP_FOLDER && segments.every(isSegment);
}

/** Throws for a key that no caller may make up: a mistake in the code, not a state of the store. */
export function requireObjectKey(key: string): void {
  if (!isObjectKey(key)) throw new RangeError(`"${key}" is not a store key`);
}

/** One part of a key: `.` and `..` are names too, but not ours. */
export function isSegment(text: string): boolean {
  return SEGMENT.test(text) && text !== '.' && text !== '..';
}
