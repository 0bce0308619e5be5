import { createHash, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { StoreError } from '../../src/store/store-error.ts';

// A process of its own for the tests of the file store: `node --import tsx store-child.ts <mode> <folder> [letter]`.

const [, , mode = '', folder = '', letter = 'x'] = process.argv;
const store = createFileObjectStore(folder);

/** SHA-256 of the rest, then the rest: whoever reads it can tell whether it is whole. */
function sealedBody(bytes: number): Buffer {
  const content = randomBytes(bytes);
  return Buffer.concat([createHash('sha256').update(content).digest(), content]);
}

async function* inChunks(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += 4_096) yield body.subarray(at, at + 4_096);
}

async function endless(act: (i: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; ; i++) await act(i);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

switch (mode) {
  case 'race': {
    say('ready');
    await once(process.stdin, 'data');
    const outcomes: string[] = [];
    for (let i = 0; i < 50; i++) {
      const made = await store.createExclusive(`race/${i}/entry.json`, Buffer.alloc(40_000, letter));
      outcomes.push(made.created ? 'won' : createHash('sha256').update(made.existing).digest('hex'));
    }
    say(JSON.stringify(outcomes));
    process.exit(0);
    break;
  }
  case 'write-forever': {
    await store.put('put/first', sealedBody(10));
    say('ready');
    await Promise.all([
      endless((i) => {
        const key = `made/${randomInt(20)}/${i % 200}`;
        const body = sealedBody(randomInt(60_000));
        return i % 2 ? store.createExclusive(key, body) : store.createExclusiveStream(key, inChunks(body));
      }),
      endless((i) => store.put(`put/${i % 5}`, sealedBody(randomInt(60_000)))),
      endless((i) => store.putStream(`streamed/${i % 5}`, inChunks(sealedBody(randomInt(60_000))))),
    ]);
    break;
  }
  case 'create-once': {
    try {
      await store.createExclusive('journal/aa/entry.json', Buffer.alloc(20_000, letter));
      say('written');
    } catch (error) {
      say(error instanceof StoreError ? `${error.kind}: ${error.message}` : String(error));
    }
    break;
  }
  case 'create-again': {
    for (const name of ['first', 'second'])
      await store.createExclusive(`journal/aa/${name}`, Buffer.from('.'));
    await rm(join(folder, 'journal'), { recursive: true });
    await store.createExclusive('journal/aa/third', Buffer.from('.'));
    say('written');
    break;
  }
  default:
    throw new Error(`no mode ${mode}`);
}
