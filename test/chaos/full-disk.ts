import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';

/**
 * Makes this process find its disk full for as long as `isFull` says so: a write leaves half of its bytes and throws ENOSPC,
 * a folder or a name cannot be made. What is patched are Node's own functions, before anything is written, so that the
 * product's code is the one that users run. Reading, renaming and removing go on, as they do on a full disk.
 */
export async function fillDiskWhile(isFull: () => boolean): Promise<void> {
  const promises = createRequire(import.meta.url)('node:fs/promises') as typeof fs; // the object behind the imports
  const { mkdir, link } = promises;
  const handle = await fs.open(process.execPath, 'r');
  const prototype = Object.getPrototypeOf(handle) as { writeFile(data: Uint8Array): Promise<void> }; // of every open file
  await handle.close();
  const { writeFile } = prototype; // oxlint-disable-line typescript/unbound-method -- called with its handle below
  prototype.writeFile = async function writeHalf(data) {
    if (!isFull()) return writeFile.call(this, data);
    const bytes = Buffer.from(data);
    await writeFile.call(this, bytes.subarray(0, Math.floor(bytes.length / 2)));
    throw noSpace('write');
  };
  promises.link = async (from, to) => {
    if (isFull()) throw noSpace('link');
    return link(from, to);
  };
  promises.mkdir = (async (...args: Parameters<typeof mkdir>) => {
    if (isFull() && !existsSync(String(args[0]))) throw noSpace('mkdir');
    return mkdir(...args);
  }) as typeof mkdir; // its overloads differ in what they return only
  syncBuiltinESMExports();
}

function noSpace(syscall: string): Error {
  return Object.assign(new Error(`ENOSPC: no space left on device, ${syscall}`), {
    code: 'ENOSPC',
    syscall,
    errno: -28,
  });
}
