import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { startChild, succeeds } from './child-process.ts';
import { makeFolder, storeErrorOf } from './fixtures.ts';

const canMount = mount(mkdtempSync(join(tmpdir(), 'gleaner-mount-')), 'size=64k', unmount);
if (!canMount) console.warn('not tested: full and read-only disks (needs the right to mount a tmpfs)');

test.skipIf(!canMount)(
  'says that the disk is full, keeps what is there and goes on when there is space',
  async () => {
    const folder = mountForTest('size=64k');
    const store = createFileObjectStore(folder);
    const body = Buffer.alloc(10_000, 'x');
    await store.put('keep/this', body);
    const fill = async (): Promise<void> => {
      for (let i = 0; ; i++) await store.createExclusive(`fill/${i}`, body);
    };
    const error = await storeErrorOf(fill());
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain(join(folder, error.key));
    expect(error.message).toContain(
      'the disk or the quota is full (ENOSPC). Nothing was written. Free some space',
    );
    expect(await store.get(error.key)).toBeUndefined();
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);

    expect((await storeErrorOf(store.put('keep/this', Buffer.alloc(30_000)))).kind).toBe('unavailable');
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 20; i++) yield body;
    }
    expect((await storeErrorOf(store.putStream('keep/this', chunks()))).kind).toBe('unavailable');
    expect((await storeErrorOf(store.createExclusiveStream('keep/that', chunks()))).kind).toBe('unavailable');
    expect(await store.get('keep/that')).toBeUndefined();
    expect(await store.get('keep/this')).toEqual(body);

    rmSync(join(folder, 'fill'), { recursive: true });
    expect(await store.createExclusive(error.key, body)).toEqual({ created: true });
  },
);

test.skipIf(!canMount)('reads from a read-only disk and says why it cannot write', async () => {
  const folder = mountForTest('size=64k');
  await createFileObjectStore(folder).put('keep/this', Buffer.from('body'));
  mount(folder, 'remount,ro', () => undefined);
  const store = createFileObjectStore(folder);
  expect(Buffer.from((await store.get('keep/this')) ?? []).toString()).toBe('body');
  const error = await storeErrorOf(store.createExclusive('keep/that', Buffer.from('.')));
  expect(error.message).toContain('the file system is read-only (EROFS). Nothing was written.');
});

test('says that the file is larger than the process may write, and leaves nothing', async () => {
  const folder = await makeFolder();
  const limited = ['sh', '-c', 'ulimit -f 8 && exec "$0" "$@"']; // blocks of 512 or 1024 bytes; the body has 20,000
  const line = await startChild(['create-once', folder], {}, limited).nextLine();
  expect(line).toContain('(EFBIG). Nothing was written. Raise the limit');
  expect(readdirSync(folder, { recursive: true })).toEqual(['tmp']);
});

function mountForTest(options: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-mount-'));
  onTestFinished(() => unmount(folder));
  mount(folder, options, () => undefined);
  return folder;
}

function mount(folder: string, options: string, after: (folder: string) => void): boolean {
  const mounted = succeeds('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  after(folder);
  return mounted;
}

function unmount(folder: string): void {
  succeeds('umount', [folder]);
  rmdirSync(folder);
}
