import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: inflateEither,
};

/**
 * Undoes a reply's `content-encoding`. Throws if the body is damaged, in an encoding that nobody asked for, or larger
 * than `maxBytes` when unpacked.
 */
export async function decodeBody(
  body: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  let decoded = body;
  for (const name of encodingsLastFirst(contentEncoding)) {
    // A reply without content may still name an encoding.
    if (decoded.byteLength === 0) return decoded;
    if (!isKnown(name)) throw new Error(`the body is in the unknown content encoding "${name.slice(0, 40)}"`);
    decoded = await decoders[name](decoded, { maxOutputLength: maxBytes }).catch((error: unknown) => {
      throw new Error(unpackMessage(error, name, maxBytes), { cause: error });
    });
  }
  return decoded;
}

function encodingsLastFirst(header: string | undefined): string[] {
  const names = (header ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '' && name !== 'identity').toReversed();
}

function isKnown(name: string): name is keyof typeof decoders {
  return Object.hasOwn(decoders, name);
}

function unpackMessage(error: unknown, name: string, maxBytes: number): string {
  const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  return tooLarge
    ? `the body is larger than ${maxBytes} bytes when unpacked`
    : `the ${name} body is damaged or cut off`;
}

/** `deflate` means zlib's format, but some servers send the bare stream; zlib's first byte always ends in 8. */
function inflateEither(body: Uint8Array, options: { maxOutputLength: number }): Promise<Buffer> {
  const unpack = ((body[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw;
  return promisify<Uint8Array, { maxOutputLength: number }, Buffer>(unpack)(body, options);
}
