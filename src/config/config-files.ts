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
    try {
      return statSync(path).isDirectory() ? 'folder' : 'file';
    } catch {
      return 'none'; // also what is hidden in a folder that may not be entered
    }
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
