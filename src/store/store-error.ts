/**
 * The store cannot do what was asked: disk full, no permission, a damaged file. The message names the file and what to
 * do; nothing was bought by the call that threw it.
 */
export class StoreError extends Error {
  override name = 'StoreError' as const;
  readonly kind: 'unavailable' | 'damaged';
  readonly key: string;

  constructor(kind: 'unavailable' | 'damaged', key: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.key = key;
  }
}
