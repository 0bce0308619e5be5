// Run as a process of its own by ensure-server.server.test.ts: ensures the server of a folder, prints what it got as
// one line, and stops it when its standard input ends.
import { once } from 'node:events';
import { ensureServer } from '../../src/dev-server/ensure-server.ts';
import { readServerRecord } from '../../src/dev-server/server-record.ts';

const folder = process.argv[2] ?? '';
const server = await ensureServer({
  env: process.env,
  folder,
  ports: { temporal: 0, ui: 0 },
  log: (line) => console.error(line),
});
const record = await readServerRecord(folder);
console.log(JSON.stringify({ address: server.address, origin: server.origin, pid: record?.pid }));
process.stdin.resume();
await once(process.stdin, 'end');
await server.stop();
process.exit(0);
