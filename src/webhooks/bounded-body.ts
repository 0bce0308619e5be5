/** A body that is not taken, and the status that says so. */
export class BodyRefused extends Error {
  override name = 'BodyRefused' as const;
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

/** Passes a body on chunk by chunk; throws `BodyRefused` once it is larger than `maxBytes`, or if it was empty. */
export async function* boundedBody(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
  if (size === 0) throw new BodyRefused(400, 'the body is empty');
}

/** Refuses by its own word a body that would be too large, before it is read. */
export function assertLength(contentLength: string | undefined, maxBytes: number): void {
  if (Number(contentLength ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): BodyRefused {
  return new BodyRefused(413, `the body is larger than ${maxBytes} bytes`);
}
