import { connect } from 'node:net';
import type { Random } from '../../../src/simulator/random.ts';
import type { FaultBook } from './fault-book.ts';

/** Posts as they came, to be sent again in wrong ways. */
const KEPT = 200;

/**
 * Somebody who has seen posts on their way and sends them again: as they are, with another token, with another id, with the
 * body of another task, with a body that is cut off.
 */
export class PostOffice {
  readonly #seen: Buffer[] = [];
  readonly #port: () => number | undefined;
  readonly #random: Random;
  readonly #book: FaultBook;

  constructor(port: () => number | undefined, random: Random, book: FaultBook) {
    this.#port = port;
    this.#random = random;
    this.#book = book;
  }

  saw(bytes: Buffer): void {
    if (!bytes.toString('latin1', 0, 16).startsWith('POST /postback/')) return;
    this.#seen.push(Buffer.from(bytes));
    if (this.#seen.length > KEPT) this.#seen.shift();
  }

  /** Sends one post; what answers it does not matter. */
  send(): void {
    const port = this.#port();
    const [mine, other] = [this.#recent(), this.#recent()];
    if (port === undefined || !mine || !other) return;
    const kind = this.#random.pick(['doubled', 'wrong token', 'wrong id', 'wrong body', 'cut off'] as const);
    const [line = ''] = mine.toString('latin1').split('\r\n', 1);
    const ids = line.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? [];
    this.#book.note(`webhook ${kind}`, { ids });
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined).setTimeout(5_000, () => socket.destroy());
    socket.on('data', () => socket.destroy());
    socket.end(forge(kind, mine, other));
  }

  /** The newest are of scrapes that are open still. */
  #recent(): Buffer | undefined {
    const from = Math.max(0, this.#seen.length - 15);
    return this.#seen[this.#random.between(from, Math.max(from, this.#seen.length - 1))];
  }
}

function forge(
  kind: 'doubled' | 'wrong token' | 'wrong id' | 'wrong body' | 'cut off',
  mine: Buffer,
  other: Buffer,
): Buffer {
  const text = mine.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  switch (kind) {
    case 'doubled':
      return mine;
    case 'wrong token':
      return latin1(text.replace(/^(POST \/postback\/[^/]+\/).{6}/, '$1AAAAAA'));
    case 'wrong id':
      return latin1(text.replace(/id=[0-9a-f]{8}/, 'id=00000000'));
    case 'wrong body': {
      // The length has to be that of the other body, or the request is only broken.
      const body = other.subarray(other.indexOf('\r\n\r\n') + 4);
      const head = text.slice(0, end).replace(/content-length: \d+/i, `content-length: ${body.length}`);
      return Buffer.concat([latin1(`${head}\r\n\r\n`), body]);
    }
    case 'cut off':
      return mine.subarray(0, end + 4 + Math.floor((mine.length - end) / 2));
  }
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
