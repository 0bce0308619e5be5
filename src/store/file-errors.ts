import { StoreError } from './store-error.ts';

/** What a failed file operation left behind, in the words of the message. */
const AFTERMATH = {
  reading: '',
  writing: ' Nothing was written.',
  /** After `link` or `rename`: readers see the file already. */
  securing: ' It was written, but may be lost in a power cut.',
} as const;
export type Step = keyof typeof AFTERMATH;

/** Turns what `node:fs` throws into a message for people: which file, what is wrong, what was written, what to do. */
export function toStoreError(error: unknown, step: Step, key: string, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const { code, syscall } = readSystemError(error);
  const { wrong, remedy } = explain(code, syscall);
  const verb = step === 'reading' ? 'read' : step === 'writing' ? 'write' : 'secure';
  const message = `Cannot ${verb} ${path}: ${wrong} (${code}).${AFTERMATH[step]} ${remedy}`;
  return new StoreError('unavailable', key, message, error);
}

/** Whether `node:fs` says that nothing is there. */
export function isMissing(error: unknown): boolean {
  return readSystemError(error).code === 'ENOENT';
}

/** Whether `node:fs` says that something is there already. */
export function isTaken(error: unknown): boolean {
  return readSystemError(error).code === 'EEXIST';
}

function readSystemError(error: unknown): { code: string; syscall: string } {
  if (!(error instanceof Error)) return { code: String(error), syscall: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  const syscall = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : '';
  return { code, syscall };
}

const ELSEWHERE = 'or set GLEANER_STORE to another folder';

/** The codes are those of errno(3) that the calls of file-object-store.ts document. */
function explain(code: string, syscall: string): { wrong: string; remedy: string } {
  if (syscall === 'link' && ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'].includes(code)) {
    return {
      wrong: 'this file system has no hard links, and they are what keeps a scrape from being bought twice',
      remedy: 'Set GLEANER_STORE to a folder on a local disk.',
    };
  }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { wrong: 'the disk or the quota is full', remedy: 'Free some space, then try again.' };
    case 'EFBIG':
      return { wrong: 'the file would be larger than allowed', remedy: 'Raise the limit (ulimit -f).' };
    case 'EACCES':
    case 'EPERM':
      return { wrong: 'this user may not', remedy: `Give this user access to the folder, ${ELSEWHERE}.` };
    case 'EROFS':
      return { wrong: 'the file system is read-only', remedy: `Mount it writable, ${ELSEWHERE}.` };
    case 'EIO':
      return { wrong: 'the disk failed', remedy: `Check the disk and the system log, ${ELSEWHERE}.` };
    case 'ENOENT':
      return {
        wrong: 'the store is not there any more',
        remedy: 'Bring its folder back (is its disk mounted?), then start Gleaner again.',
      };
    case 'ENOTDIR':
    case 'EEXIST':
      return { wrong: 'a file stands where a folder should be', remedy: `Move it away, ${ELSEWHERE}.` };
    case 'EISDIR':
      return { wrong: 'a folder stands where a file should be', remedy: 'Move it away.' };
    case 'EMFILE':
    case 'ENFILE':
      return { wrong: 'too many files are open', remedy: 'Raise the limit (ulimit -n), then try again.' };
    default:
      return { wrong: 'the file system refused', remedy: `Check the folder, ${ELSEWHERE}.` };
  }
}
