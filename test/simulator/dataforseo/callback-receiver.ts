import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach } from 'vitest';
import type { Body } from './helpers.ts';

/** One call to our address. */
interface Received {
  method: string;
  url: string;
  encoding: string | undefined;
  body: Buffer;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** What it answers; 0: nothing. */
  status: number;
  /** The JSON of a compressed body. */
  read(index: number): Body;
}

const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server of this test alone that takes callbacks, closed when the test ends. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const receiver: Receiver = {
    url: '',
    received,
    status: 200,
    read: (index) => JSON.parse(gunzipSync(received[index]?.body ?? '').toString('utf8')) as Body,
  };
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readAll(request);
    const { method = '', url = '', headers } = request;
    received.push({ method, url, encoding: headers['content-encoding'], body });
    if (receiver.status > 0) response.writeHead(receiver.status).end('told');
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
