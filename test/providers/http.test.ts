import { once } from 'node:events';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHttp } from '../../src/providers/http.ts';
import type { HttpOutcome, SendOptions } from '../../src/providers/http.ts';
import type { HttpRequest } from '../../src/providers/provider.ts';
import { createServers } from './servers.ts';

const KEY = 'sk-live-0123456789abcdef';
const PROMPT = 'which-running-shoes';
const JOB = '3f7a2b1c-9e4d-4f8a-b2c1-7d6e5f4a3b2c';
const SUBMIT: SendOptions = { timeoutMs: 5_000, fresh: true };
const POLL: SendOptions = { timeoutMs: 5_000, fresh: false };

const servers = createServers();
let http = createHttp();
afterEach(async () => {
  vi.useRealTimers();
  await servers.closeAll();
  await http.close();
  http = createHttp();
});

function submit(host: string, scheme = 'http'): HttpRequest {
  const headers = { 'x-api-key': KEY, 'content-length': '0' };
  return { method: 'POST', url: `${scheme}://${host}/scrapers/chatgpt/jobs?prompt=${PROMPT}`, headers };
}

function poll(host: string): HttpRequest {
  return { method: 'GET', url: `http://${host}/jobs/${JOB}`, headers: {} };
}

/** Answers the first bytes with `text`, then does `then`. */
function answering(text: string, then: (socket: Socket) => void = () => {}): (socket: Socket) => void {
  return (socket) => socket.once('data', () => socket.write(text, () => then(socket)));
}

/** Stops timers until the test lets time pass, so that a slow machine cannot change what a deadline finds. */
function holdTime(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return (ms) => vi.advanceTimersByTime(ms);
}

function messageOf(outcome: HttpOutcome): string {
  return outcome.kind === 'reply' ? `a reply ${outcome.reply.status}` : outcome.message;
}

describe('a request that was never written', () => {
  it('is not sent when nobody listens', async () => {
    const host = await servers.tcp(() => {});
    await servers.closeAll();
    const outcome = await http.send(submit(host), SUBMIT);
    expect(outcome.kind).toBe('not-sent');
    expect(messageOf(outcome)).toContain('ECONNREFUSED');
  });

  it('is not sent when the name has no address', async () => {
    expect((await http.send(submit('nonexistent.invalid'), SUBMIT)).kind).toBe('not-sent');
  });

  it('is not sent when the other side does not speak TLS', async () => {
    const host = await servers.tcp(answering('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await http.send(submit(host, 'https'), SUBMIT)).kind).toBe('not-sent');
  });

  it.each([SUBMIT, POLL])('is not sent when the handshake hangs until the deadline (%o)', async (options) => {
    const pass = holdTime();
    const host = await servers.tcp((socket) => socket.once('data', () => pass(5_000)));
    const outcome = await http.send(submit(host, 'https'), options);
    expect(outcome.kind).toBe('not-sent');
    expect(messageOf(outcome)).toContain('timed out after 5000 ms while connecting');
  });

  it.each(['no address', 'ftp://example.test/', 'http://'])('is not sent to "%s"', async (url) => {
    expect((await http.send({ ...submit('x'), url }, SUBMIT)).kind).toBe('not-sent');
    expect((await http.send({ ...poll('x'), url }, POLL)).kind).toBe('not-sent');
  });

  it('is not sent with a key that holds a line break, and does not show the key', async () => {
    const host = await servers.tcp(() => {});
    const headers = { 'x-api-key': `${KEY}\r\nx-other: 1` };
    const outcome = await http.send({ ...submit(host), headers }, SUBMIT);
    expect(outcome.kind).toBe('not-sent');
    expect(messageOf(outcome)).not.toContain(KEY);
  });

  it('is not sent when its caller had stopped already', async () => {
    const host = await servers.tcp(() => {});
    const outcome = await http.send(submit(host), { ...SUBMIT, signal: AbortSignal.abort() });
    expect(outcome.kind).toBe('not-sent');
    expect(messageOf(outcome)).toContain('stopped by the caller');
  });

  it.each([SUBMIT, POLL])(
    'writes no byte when it is no longer allowed once connected (%o)',
    async (options) => {
      const seen: string[] = [];
      let closed: Promise<unknown> = Promise.resolve();
      const host = await servers.tcp((socket) => {
        seen.push('connection');
        socket.on('data', (bytes) => seen.push(bytes.toString()));
        closed = once(socket, 'close');
      });
      const outcome = await http.send(submit(host), { ...options, stillAllowed: () => 'send-by has passed' });
      await closed;
      expect(outcome.kind).toBe('not-sent');
      expect(messageOf(outcome)).toContain('send-by has passed');
      expect(seen).toEqual(['connection']);
    },
  );
});

describe('a request without a complete answer', () => {
  const behaviours: Array<[string, (socket: Socket) => void]> = [
    ['the connection is closed as soon as it stands', (socket) => socket.destroy()],
    ['the connection is closed after the request', answering('', (socket) => socket.destroy())],
    ['the connection is reset after the request', answering('', (socket) => socket.resetAndDestroy())],
    ['the head of the answer is cut', answering('HTTP/1.1 202 Acc', (socket) => socket.end())],
    [
      'half of the body is missing',
      answering('HTTP/1.1 202 Accepted\r\ncontent-length: 99\r\n\r\n{"job', (socket) => socket.end()),
    ],
    [
      'a chunked body does not end',
      answering('HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"job\r\n', (socket) =>
        socket.end(),
      ),
    ],
    ['the answer is not HTTP', (socket) => socket.on('data', (bytes) => socket.write(bytes))],
    [
      'the body is no gzip though it says so',
      answering('HTTP/1.1 202 Accepted\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}'),
    ],
  ];

  it.each(behaviours)('is lost when %s', async (_, behave) => {
    const host = await servers.tcp(behave);
    const outcome = await http.send(submit(host), SUBMIT);
    expect([outcome.kind, messageOf(outcome)]).toEqual([
      'lost',
      expect.stringContaining(`POST http://${host}/`),
    ]);
    expect(messageOf(outcome)).not.toContain(KEY);
    expect(messageOf(outcome)).not.toContain(PROMPT);
  });

  it('is lost at the deadline, and not before, when nobody answers', async () => {
    const pass = holdTime();
    let ended = false;
    const host = await servers.tcp((socket) =>
      socket.once('data', () => {
        pass(4_999);
        setImmediate(() => {
          expect(ended).toBe(false);
          pass(1);
        });
      }),
    );
    const outcome = await http.send(submit(host), SUBMIT).finally(() => {
      ended = true;
    });
    expect(outcome.kind).toBe('lost');
    expect(messageOf(outcome)).toContain('timed out after 5000 ms while waiting for the answer');
  });

  it('is lost at the deadline when the body trickles', async () => {
    const pass = holdTime();
    const head = 'HTTP/1.1 202 Accepted\r\ncontent-length: 99\r\n\r\n{';
    const host = await servers.tcp(answering(head, () => pass(5_000)));
    const outcome = await http.send(submit(host), SUBMIT);
    expect(outcome.kind).toBe('lost');
    expect(messageOf(outcome)).toMatch(/timed out after 5000 ms while (waiting for|reading) the answer/);
  });

  it('is lost when its caller stops while it waits', async () => {
    const caller = new AbortController();
    const host = await servers.tcp((socket) => socket.once('data', () => caller.abort()));
    const outcome = await http.send(submit(host), { ...SUBMIT, signal: caller.signal });
    expect(outcome.kind).toBe('lost');
    expect(messageOf(outcome)).toContain('stopped by the caller');
  });

  it('is written once, whatever the server does to the connection', async () => {
    let written = 0;
    const host = await servers.tcp((socket) =>
      socket.on('data', () => {
        written++;
        socket.resetAndDestroy();
      }),
    );
    await http.send(submit(host), SUBMIT);
    expect(written).toBe(1);
  });

  it('does not show the job id of a poll', async () => {
    const host = await servers.tcp((socket) => socket.destroy());
    const outcome = await http.send(poll(host), POLL);
    expect(messageOf(outcome)).toContain('/jobs/[hidden]: ');
    expect(messageOf(outcome)).not.toContain(JOB.slice(0, 8));
  });
});

describe('bodies', () => {
  it('stops reading at the limit and says how large that is', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const host = await servers.tcp((socket) => {
      closed = once(socket, 'close');
      answering(`HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(2_000)}`)(socket);
    });
    const outcome = await http.send(poll(host), { ...POLL, maxBodyBytes: 1_000 });
    await closed;
    expect(outcome.kind).toBe('lost');
    expect(messageOf(outcome)).toContain('larger than 1000 bytes');
  });

  it('counts the unpacked size, so that a small bomb does not go off', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const host = await servers.http((_, res) => res.setHeader('content-encoding', 'gzip').end(bomb));
    const outcome = await http.send(poll(host), { ...POLL, maxBodyBytes: 100_000 });
    expect(outcome.kind).toBe('lost');
    expect(messageOf(outcome)).toContain('larger than 100000 bytes when unpacked');
  });

  it('asks for gzip and hands on what was in it', async () => {
    const host = await servers.http((req, res) => {
      expect(req.headers['accept-encoding']).toBe('gzip');
      res.setHeader('content-encoding', 'gzip').end(gzipSync('{"héllo": 1}'));
    });
    const outcome = await http.send(poll(host), POLL);
    expect(outcome.kind === 'reply' && Buffer.from(outcome.reply.body).toString()).toBe('{"héllo": 1}');
  });
});

describe('a reply', () => {
  it('carries status, lower-case headers and the time of the server', async () => {
    const host = await servers.http((_, res) => {
      res.sendDate = false;
      res.writeHead(429, { 'Retry-After': '7', Date: 'Mon, 11 May 2026 12:00:00 GMT' }).end('{}');
    });
    expect(await http.send(submit(host), SUBMIT)).toMatchObject({
      kind: 'reply',
      reply: { status: 429, headers: { 'retry-after': '7' }, serverTimeMs: Date.UTC(2026, 4, 11, 12) },
    });
  });

  it('has our own time when the server sends none', async () => {
    const host = await servers.tcp(answering('HTTP/1.1 204 No Content\r\n\r\n'));
    const before = Date.now();
    const outcome = await http.send(poll(host), POLL);
    expect(outcome.kind === 'reply' && outcome.reply.serverTimeMs).toBeGreaterThanOrEqual(before);
  });

  it.each([SUBMIT, POLL])('is the redirect itself, which nobody follows (%o)', async (options) => {
    const paths: string[] = [];
    const host = await servers.http((req, res) => {
      paths.push(req.url ?? '');
      res.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await http.send(submit(host), options)).toMatchObject({ kind: 'reply', reply: { status: 307 } });
    expect(paths).toHaveLength(1);
  });
});

/** The client's port of each of eight requests, one after the other. */
async function portsOf(
  requestTo: (host: string) => HttpRequest,
  options: SendOptions,
): Promise<Array<number | undefined>> {
  const ports: Array<number | undefined> = [];
  const host = await servers.http((req, res) => {
    ports.push(req.socket.remotePort);
    res.end('{}');
  });
  for (let i = 0; i < 8; i++) expect((await http.send(requestTo(host), options)).kind).toBe('reply');
  return ports;
}

describe('connections', () => {
  it('opens a new one for every submit', async () => {
    expect(new Set(await portsOf(submit, SUBMIT)).size).toBe(8);
  });

  it('keeps one or two for polls', async () => {
    expect(new Set(await portsOf(poll, POLL)).size).toBeLessThanOrEqual(2);
  });

  it("tells the server that a submit's connection ends, and closes it", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    let connection: string | undefined;
    const host = await servers.http((req, res) => {
      closed = once(req.socket, 'close');
      connection = req.headers.connection;
      res.end('{}');
    });
    await http.send(submit(host), SUBMIT);
    await closed;
    expect(connection).toBe('close');
  });
});
