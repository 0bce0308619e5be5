/**
 * What a place must offer to be a store: a file system does, and S3 does (`If-None-Match: *` for exclusive creation).
 * Keys are slash-separated, made of `[A-Za-z0-9._-]`, and sort as strings.
 */
export interface ObjectStore {
  /** For people: where it is, such as a folder. */
  readonly location: string;
  /**
   * Creates `key` if nothing is there, durably: once it returns, a power cut does not undo it. Of any number of callers
   * in any number of processes exactly one gets `created: true`.
   */
  createExclusive(key: string, body: Uint8Array): Promise<Created>;
  /**
   * Like `createExclusive` from a stream; memory use does not grow with the body. False if something is there already.
   * What the stream throws passes as it is, and nothing is created then.
   */
  createExclusiveStream(key: string, body: AsyncIterable<Uint8Array>): Promise<boolean>;
  /** Writes `key` whole, replacing what is there; readers see the old or the new body, never a part. Durable. */
  put(key: string, body: Uint8Array): Promise<void>;
  /** Like `put` from a stream; memory use does not grow with the body. */
  putStream(key: string, body: AsyncIterable<Uint8Array>): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keys that start with `prefix` (a whole folder: it ends in a slash), sorted. */
  list(prefix: string): Promise<string[]>;
  /** Takes `key` away, if it is there; a power cut may bring it back. Never used on what proves a purchase. */
  remove(key: string): Promise<void>;
}

export type Created = { created: true } | { created: false; existing: Uint8Array };
