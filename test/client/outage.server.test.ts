import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { connectGleaner } from '../../src/client/connect-gleaner.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { startDevServer } from '../../src/dev-server/start-server.ts';
import { refusal } from './gleaner-support.ts';

it('waits through a restart of the server that it finds by the record of "up", and names one that is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-outage-'));
  const config = readConfig({ GLEANER_HOME: folder }, folder);
  const start = (port: number): ReturnType<typeof startDevServer> =>
    startDevServer({
      cli: inject('temporalCli'),
      folder: config.stateFolder,
      port,
      uiPort: 0,
      namespace: 'default',
      env: process.env,
      log: () => {},
    });
  const first = await start(0);
  const gleaner = await connectGleaner({ config });
  let running = first;
  try {
    const { scrapeId } = await gleaner.startScrape({ scraper: 'scrapellm/chatgpt', prompt: 'one' });
    const ended = refusal(gleaner.waitForScrape(scrapeId));
    await first.stop();
    running = await start(Number(first.address.split(':')[1]));
    expect(running.address).toBe(first.address);
    const { client } = await gleaner.temporal();
    await client.workflow.getHandle(scrapeId).terminate('by hand');
    expect((await ended).kind).toBe('ended'); // it heard of it on the new server
  } finally {
    await gleaner.close();
    await running.stop();
  }
  const late = await connectGleaner({ config });
  expect(await refusal(late.temporal())).toMatchObject({
    kind: 'no-server',
    message: expect.stringContaining('Run "gleaner up"'),
  });
  await late.close();
  await rm(folder, { recursive: true, force: true });
});
