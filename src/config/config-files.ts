import { accessSync, constants, readFileSync, statSync } from 'node:fs';

/** What configuration needs of a file system; tests bring folders that root could otherwise always write. */
export interface ConfigFiles {
  kind(path: string): 'folder' | 'file' | 'none';
  /** Whether files can be read, made and changed in this folder. */
  usable(folder: string): boolean;
  /** Throws what `fs` throws. */
  readText(path: string): string;
}

export const nodeFiles: ConfigFiles = {
  kind(path) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return 'none';
    return stats.isDirectory() ? 'folder' : 'file';
  },
  usable(folder) {
    try {
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
  readText: (path) => readFileSync(path, 'utf8'),
};
