import { describe, expect, test } from 'vitest';
import type { ConfigFiles } from '../../src/config/config-files.ts';
import { findHome } from '../../src/config/home.ts';

/** A file system of these folders; a user who runs as root could write everywhere in a real one. */
function filesOf(folders: string[], other: { files?: string[]; unusable?: string[] } = {}): ConfigFiles {
  return {
    kind: (path) =>
      other.files?.includes(path) ? 'file' : ['/', ...folders].includes(path) ? 'folder' : 'none',
    usable: (folder) => !other.unusable?.includes(folder),
    readText: () => '',
  };
}

describe('findHome', () => {
  test('is GLEANER_HOME if set, also where a nearer folder exists', () => {
    expect(findHome('/srv/g', '/a/b', filesOf(['/a', '/a/b', '/a/b/.gleaner']))).toBe('/srv/g');
    expect(findHome('g', '/a/b', filesOf(['/a', '/a/b']))).toBe('/a/b/g');
  });

  test('is the nearest .gleaner upwards', () => {
    const files = filesOf(['/a', '/a/b', '/a/b/c', '/a/.gleaner', '/.gleaner']);
    expect(findHome(undefined, '/a/b/c', files)).toBe('/a/.gleaner');
    expect(findHome(undefined, '/a', files)).toBe('/a/.gleaner');
    expect(findHome(undefined, '/', files)).toBe('/.gleaner');
  });

  test('is .gleaner here if there is none', () => {
    expect(findHome(undefined, '/a/b', filesOf(['/a', '/a/b']))).toBe('/a/b/.gleaner');
  });

  test('may not be a file', () => {
    expect(() => findHome(undefined, '/a/b', filesOf(['/a', '/a/b'], { files: ['/a/.gleaner'] }))).toThrow(
      'home: /a/.gleaner is a file, but a folder is needed there; move it away or set GLEANER_HOME to a folder of yours',
    );
    expect(() => findHome('/a/x/g', '/a', filesOf(['/a'], { files: ['/a/x'] }))).toThrow(
      'GLEANER_HOME: /a/x is a file',
    );
  });

  test('has to be readable and writable', () => {
    expect(() =>
      findHome(undefined, '/a', filesOf(['/a', '/a/.gleaner'], { unusable: ['/a/.gleaner'] })),
    ).toThrow(
      'home: /a/.gleaner cannot be read and written by this user; give it the rights (chmod u+rwx) or set GLEANER_HOME to a folder of yours',
    );
  });

  test('has to be possible to make', () => {
    expect(() => findHome('/srv/x/y', '/a', filesOf(['/srv'], { unusable: ['/srv'] }))).toThrow(
      'GLEANER_HOME: /srv/x/y cannot be made, because /srv is not writable by this user; make it yourself or set GLEANER_HOME to a folder of yours',
    );
  });
});
