import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Random } from '../../../src/simulator/random.ts';
import type { Aim, FaultBook } from './fault-book.ts';
import { MARK } from './questions.ts';

/** What may become of one request on the wire. */
export const WIRE_FAULTS = [
  'cut-request',
  'cut-answer',
  'cut-body',
  'stall-request',
  'stall-answer',
] as const;
type WireFault = (typeof WIRE_FAULTS)[number];

/** Bytes pass here between two programs that speak HTTP to each other; they are cut and held, and never changed. */
export interface Wire {
  port: number;
  /** Probability of each fault for a request. */
  rates: Partial<Record<WireFault, number>>;
  /** Ends every connection on which an answer is awaited; returns whom each was about. */
  cutAll(): Aim[];
  /** Called with the bytes of every request. */
  onRequest?: (bytes: Buffer) => void;
  close(): Promise<void>;
}

/** `target` is asked for every connection; undefined refuses it. */
export async function startWire(
  name: string,
  target: () => number | undefined,
  { random, book }: { random: Random; book: FaultBook },
): Promise<Wire> {
  const open = new Set<Connection>();
  const server: Server = createServer((client) => {
    const port = target();
    if (port === undefined) {
      client.destroy();
      return;
    }
    const connection = new Connection(client, connect({ host: '127.0.0.1', port }), (bytes) => draw(bytes));
    open.add(connection);
    connection.onClose = () => open.delete(connection);
  });
  const draw = (bytes: Buffer): { fault: WireFault; ms: number } | undefined => {
    wire.onRequest?.(bytes);
    const fault = WIRE_FAULTS.find((fault) => random.chance(wire.rates[fault] ?? 0));
    if (!fault) return undefined;
    const { line, ...aim } = aimOf(bytes);
    book.note(`${name} ${fault}`, { ...aim, about: line.split('?', 1)[0] ?? '' });
    return { fault, ms: random.between(500, 6_000) };
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const wire: Wire = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    rates: {},
    cutAll() {
      const waiting = [...open].filter((connection) => connection.isWaiting);
      for (const connection of waiting) connection.cut();
      return waiting.map(({ request }) => {
        const { line: _, ...aim } = aimOf(request);
        return aim;
      });
    },
    async close() {
      for (const connection of open) connection.cut();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
  return wire;
}

/** Whom a request is about: the prompts or tasks that it names, or everybody whom a list is for. */
function aimOf(request: Buffer): Aim & { line: string } {
  const text = request.toString('latin1');
  const [line = ''] = text.split('\r\n', 1);
  const marks = [...new Set(text.match(MARK) ?? [])];
  const ids = line.match(TASK_ID) ?? [];
  if (marks.length > 0 || ids.length > 0) return { line, marks, ids };
  return LISTS.test(line) ? { line, provider: 'dataforseo' } : { line };
}

/** Only lists and searches; what tells of an account alone hits no scrape. */
const LISTS = /^(?:GET|POST) \/v3\/\S*(?:tasks_ready|tasks_fixed|id_list|errors|webhook_resend)/;

const TASK_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** One connection and the request that is on it now; there is never a second one before the answer. */
class Connection {
  isWaiting = false;
  /** The last that came whole. */
  request: Buffer = Buffer.alloc(0);
  onClose: () => void = () => undefined;
  readonly #client: Socket;
  readonly #server: Socket;
  #fate: { fault: WireFault; ms: number } | undefined;
  /** Set while bytes are held back. */
  #held: Buffer[] | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What has come of the next request. */
  #request: Buffer = Buffer.alloc(0);

  constructor(
    client: Socket,
    server: Socket,
    draw: (bytes: Buffer) => { fault: WireFault; ms: number } | undefined,
  ) {
    this.#client = client;
    this.#server = server;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.cut());
      socket.on('close', () => this.cut());
    }
    client.on('data', (bytes) => this.#take(bytes, draw));
    server.on('data', (bytes) => {
      const fate = this.isWaiting ? this.#fate : undefined;
      this.isWaiting = false;
      if (fate?.fault === 'cut-answer') return this.cut();
      if (fate?.fault === 'cut-body') {
        client.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => this.cut());
        return;
      }
      if (fate?.fault === 'stall-answer') this.#hold(fate.ms, client);
      this.#pass(bytes, client);
    });
  }

  /** A request is looked at as a whole, so that its marks are seen; it goes on, or not, as a whole too. */
  #take(bytes: Buffer, draw: (bytes: Buffer) => { fault: WireFault; ms: number } | undefined): void {
    if (this.isWaiting) return this.#pass(bytes, this.#server); // more than its head said
    this.#request = Buffer.concat([this.#request, bytes]);
    if (!isWhole(this.#request)) return;
    const request = this.#request;
    this.#request = Buffer.alloc(0);
    this.isWaiting = true;
    this.request = request;
    this.#fate = draw(request);
    if (this.#fate?.fault === 'cut-request') return this.cut();
    if (this.#fate?.fault === 'stall-request') this.#hold(this.#fate.ms, this.#server);
    this.#pass(request, this.#server);
  }

  /** What is held then is lost, as it is when whoever sent it has gone. */
  cut(): void {
    clearTimeout(this.#timer);
    this.#held = [];
    this.#client.destroy();
    this.#server.destroy();
    this.onClose();
  }

  #pass(bytes: Buffer, to: Socket): void {
    if (this.#held) this.#held.push(bytes);
    else to.write(bytes);
  }

  #hold(ms: number, to: Socket): void {
    this.#held = [];
    this.#timer = setTimeout(() => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const bytes of held) to.write(bytes);
    }, ms);
  }
}

/** Of a body without a length, the head is enough. */
function isWhole(request: Buffer): boolean {
  const end = request.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(request.toString('latin1', 0, end))?.[1];
  return length === undefined || request.length >= end + 4 + Number(length);
}
