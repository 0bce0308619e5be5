import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { checkWebhooks } from '../../src/cli/doctor-webhooks.ts';
import type { Finding } from '../../src/cli/finding.ts';
import type { Config } from '../../src/config/config.ts';
import type { Account } from '../../src/providers/account.ts';
import type { ProviderName } from '../../src/contracts/scrapers.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { createCallbackUrls } from '../../src/webhooks/callback-urls.ts';
import { startReceiver } from '../../src/webhooks/receiver.ts';
import { makeFolder } from '../store/fixtures.ts';

const SECRET = 'a-secret-of-sixteen-or-more';

let store = '';
let hints: string[] = [];
beforeEach(async () => {
  store = await makeFolder();
  hints = [];
});

/** Real, but for an endpoint that a receiver on this machine can serve. */
function account(provider: ProviderName, baseUrl = 'http://127.0.0.1:1'): Account {
  return { provider, name: 'default', baseUrl, secret: 'me:secret', simulated: false, timeScale: 1 };
}

async function doctor(
  config: Partial<Config> & { webhookUrl: string },
  timeoutMs = 5_000,
): Promise<Finding | undefined> {
  const found: Finding[] = [];
  await checkWebhooks(
    {
      webhookPort: 8809,
      webhookSecret: SECRET,
      simulated: false,
      store,
      accounts: [account('dataforseo')],
      ...config,
    },
    (finding) => found.push(finding),
    { timeoutMs },
  );
  expect(found.map(({ what }) => what)).toEqual(['webhooks']);
  for (const { detail, fix = '' } of found) expect(detail + fix).not.toMatch(/probe-|secret-of/);
  return found[0];
}

/** A real receiver; `secret` undefined: the one of a simulated store. Returns its address. */
async function receive({ secret = SECRET, path = '' } = {}): Promise<string> {
  const opened = await openFileStore(store, { simulated: true });
  const receiver = await startReceiver({
    store: opened,
    urls: createCallbackUrls(`http://127.0.0.1${path}`, secret === '' ? opened.owner.storeId : secret),
    sendHint: async (scrapeId) => void hints.push(scrapeId),
    port: 0,
    host: '127.0.0.1',
  });
  onTestFinished(() => receiver.close());
  return `http://127.0.0.1:${receiver.port}${path}`;
}

async function listen(answer: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` };
}

describe('doctor asks the public address and says', () => {
  test.each(['', '/hooks'])('that our receiver answers at "%s", and changes nothing there', async (path) => {
    const webhookUrl = await receive({ path });
    expect(await doctor({ webhookUrl })).toEqual({
      level: 'ok',
      what: 'webhooks',
      detail: `${webhookUrl} is answered by our receiver (asked from this machine)`,
    });
    expect(hints).toEqual([]);
  });

  test('that it is ours in simulated runs, which sign with what their store is called', async () => {
    const webhookUrl = await receive({ secret: '' });
    const simulated = { webhookUrl, simulated: true, webhookSecret: undefined };
    expect(await doctor(simulated)).toMatchObject({ level: 'ok' });
    expect(await doctor({ ...simulated, store: await makeFolder() })).toMatchObject({ level: 'fail' });
  });

  test('that the receiver has another secret, which every result would be refused for', async () => {
    const found = await doctor({
      webhookUrl: await receive({ secret: 'another secret of the same length' }),
    });
    expect(found?.level).toBe('fail');
    expect(found?.detail).toContain('signs with another secret');
    expect(found?.fix).toContain('GLEANER_WEBHOOK_SECRET');
  });

  test('that nothing listens', async () => {
    const { url, server } = await listen(() => undefined);
    server.close();
    await once(server, 'close');
    const found = await doctor({ webhookUrl: url, webhookPort: 9001 });
    expect(found).toMatchObject({ level: 'warn', detail: `${url} is where nothing listens` });
    expect(found?.fix).toMatch(/gleaner worker --webhooks.*here 9001/);
  });

  test('that a proxy answers and nothing listens behind it', async () => {
    const { url } = await listen((_, response) => response.writeHead(502).end('<html>Bad Gateway'));
    const found = await doctor({ webhookUrl: url });
    expect(found).toMatchObject({
      level: 'warn',
      detail: `${url} is answered 502: nothing listens behind it`,
    });
    expect(found?.fix).toContain('gleaner worker --webhooks');
  });

  test.each<[string, RequestListener, RegExp]>([
    ['a web page', (_, response) => response.end('<html>welcome'), /is answered 200 by something else/],
    [
      'a redirect',
      ({ url }, response) => response.writeHead(301, { location: `https://www.example.com${url}` }).end(),
      /is answered 301 and a redirect to https:\/\/www\.example\.com by something else/,
    ],
    ['a page of a 404', (_, response) => response.writeHead(404).end('Not Found'), /is answered 404 by/],
    [
      'a login',
      (_, response) => response.writeHead(401).end(),
      /is answered 401: the provider would not be let in/,
    ],
  ])('that something else answers: %s', async (_what, answer, words) => {
    const { url } = await listen(answer);
    const found = await doctor({ webhookUrl: url });
    expect(found?.level).toBe('fail');
    expect(found?.detail).toMatch(words);
    expect(found?.fix).toMatch(/\/postback\/ and \/pingback\//);
  });

  test('that nobody answers in time', async () => {
    const { url } = await listen(() => undefined);
    const found = await doctor({ webhookUrl: url }, 300);
    expect(found).toMatchObject({ level: 'warn' });
    expect(found?.detail).toContain('did not answer (timed out after 300 ms');
    expect(found?.fix).toContain('from outside');
  });

  test('that its name has no address', async () => {
    const found = await doctor({ webhookUrl: 'https://gleaner.invalid' });
    expect(found?.level).toBe('fail');
    expect(found?.detail).toMatch(/has a name that is not known here \((ENOTFOUND|EAI_AGAIN)\)/);
  });

  test('that it does not speak TLS', async () => {
    const { url } = await listen((_, response) => response.end());
    const found = await doctor({ webhookUrl: url.replace('http:', 'https:') });
    expect(found?.level).toBe('fail');
    expect(found?.detail).toContain('cannot be spoken to by TLS');
  });
});

describe('doctor makes no call where it can be told without one:', () => {
  test('an address of this machine for a provider that is elsewhere', async () => {
    const { url } = await listen(() => expect.unreachable());
    const found = await doctor({
      webhookUrl: url,
      accounts: [account('dataforseo', 'https://api.dataforseo.com')],
    });
    expect(found).toMatchObject({
      level: 'fail',
      detail: `${url} is this machine alone: dataforseo cannot reach it`,
    });
    expect(found?.fix).toContain('https:// address');
  });

  test('no account of a provider that calls back', async () => {
    const { url } = await listen(() => expect.unreachable());
    const found = await doctor({ webhookUrl: url, accounts: [account('scrapellm')] });
    expect(found?.level).toBe('warn');
    expect(found?.detail).toContain('told to nobody');
  });

  test('no address at all, of which nothing is said', async () => {
    const found: Finding[] = [];
    const config = { webhookPort: 8809, simulated: false, store, accounts: [account('dataforseo')] };
    await checkWebhooks(config, (finding) => found.push(finding));
    expect(found).toEqual([]);
  });
});
