import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../src/providers/decode-body.ts';

const TEXT = '{"héllo": 1}';

const packings: Array<[string | undefined, (text: string) => Uint8Array]> = [
  ['gzip', gzipSync],
  ['X-GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['identity', (text) => Buffer.from(text)],
  [undefined, (text) => Buffer.from(text)],
  ['br, gzip', (text) => gzipSync(brotliCompressSync(text))],
];

describe('decodeBody', () => {
  it.each(packings)('undoes %s', async (encoding, pack) => {
    expect(Buffer.from(await decodeBody(pack(TEXT), encoding, 1_000)).toString()).toBe(TEXT);
  });

  it('has nothing to undo in an empty body', async () => {
    expect(await decodeBody(new Uint8Array(), 'gzip', 1_000)).toEqual(new Uint8Array());
  });

  it.each([
    ['gzip', gzipSync(TEXT).subarray(0, -5), 'damaged or cut off'],
    ['br', Buffer.from(TEXT), 'damaged or cut off'],
    ['gzip', gzipSync('x'.repeat(1_001)), 'larger than 1000 bytes'],
    ['constructor', Buffer.from(TEXT), 'unknown content encoding "constructor"'],
  ])('throws on %s that cannot be undone (%#)', async (encoding, body, message) => {
    await expect(decodeBody(body, encoding, 1_000)).rejects.toThrow(message);
  });
});
