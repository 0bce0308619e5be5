import { createServer } from 'node:http';
import type { RequestListener, ServerOptions } from 'node:http';
import net from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Servers of one test, on ports of their own; `closeAll` also cuts what hangs. */
export function createServers() {
  const closers: Array<() => Promise<void>> = [];

  async function open(server: Server, dropAll: () => void): Promise<string> {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closers.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          dropAll();
        }),
    );
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  return {
    /** A TCP server that hands every connection to `behave`; resolves to its `host:port`. */
    tcp(behave: (socket: Socket) => void): Promise<string> {
      const sockets = new Set<Socket>();
      const server = net.createServer((socket) => {
        sockets.add(socket.on('error', () => {}));
        behave(socket);
      });
      return open(server, () => sockets.forEach((socket) => socket.destroy()));
    },
    http(listener: RequestListener, options: ServerOptions = {}): Promise<string> {
      const server = createServer(options, listener);
      return open(server, () => server.closeAllConnections());
    },
    async closeAll(): Promise<void> {
      await Promise.all(closers.splice(0).map((close) => close()));
    },
  };
}
