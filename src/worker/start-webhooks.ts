import { takeLatePost } from '../activities/late-posts.ts';
import { connectTo, toTemporal } from '../client/temporal.ts';
import type { KnownServer } from '../client/find-server.ts';
import { isLoopback } from '../config/base-url.ts';
import type { Config } from '../config/config.ts';
import { freePort } from '../dev-server/free-port.ts';
import type { Callbacks } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { createCallbackUrls } from '../webhooks/callback-urls.ts';
import { startReceiver } from '../webhooks/receiver.ts';
import { signalHint } from '../webhooks/signal-hint.ts';
import { createAccountBook } from './account-book.ts';

/** What a worker has of webhooks. */
export interface Webhooks {
  /** Absent: providers are given no address. */
  callbacksFor?: (tag: string) => Callbacks;
  /** What was started here: the port that is listened on, and our address as providers are told. */
  listening?: { port: number; publicUrl: string };
  close(): Promise<void>;
}

/**
 * Addresses for providers where `GLEANER_WEBHOOK_URL` is set, and with `listen` a receiver in this process. A simulator on
 * this machine needs no setting: it is told the receiver's own address. Throws if the port is taken.
 */
export async function startWebhooks(
  config: Config,
  { store, server, listen }: { store: Store; server: KnownServer; listen: boolean },
): Promise<Webhooks> {
  if (!listen) {
    const { webhookUrl } = config;
    return {
      ...(webhookUrl !== undefined && addressesAt(webhookUrl, config, store)),
      close: async () => undefined,
    };
  }
  const { webhookPort, webhookUrl } = config;
  // A port that somebody was told to pass calls on to is not changed behind their back.
  const port = webhookUrl === undefined ? await freePort(webhookPort) : webhookPort;
  const publicUrl = webhookUrl ?? `http://127.0.0.1:${port}`;
  const urls = createCallbackUrls(publicUrl, secretOf(config, store));
  const accounts = createAccountBook(config.accounts, config.simulated);
  const connection = await connectTo(server);
  const { client } = toTemporal(connection, server, config.taskQueue);
  try {
    const receiver = await startReceiver({
      store,
      urls,
      sendHint: signalHint(client),
      takeLate: (scrapeId) => takeLatePost({ store, accounts, fault: () => undefined }, scrapeId),
      port,
      ...(isLoopback(publicUrl) && { host: '127.0.0.1' }),
    });
    return {
      callbacksFor: urls.callbacksFor,
      listening: { port: receiver.port, publicUrl },
      async close() {
        await receiver.close();
        await connection.close();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function addressesAt(publicUrl: string, config: Config, store: Store): Pick<Webhooks, 'callbacksFor'> {
  return { callbacksFor: createCallbackUrls(publicUrl, secretOf(config, store)).callbacksFor };
}

/** Signs our addresses. Simulated runs need no secret of their own: all workers of a store know its id, and nobody guesses it. */
export function secretOf(
  { webhookSecret, simulated }: Pick<Config, 'webhookSecret' | 'simulated'>,
  { owner }: { owner: Pick<Store['owner'], 'storeId'> },
): string {
  if (webhookSecret !== undefined) return webhookSecret;
  if (simulated) return owner.storeId;
  throw new Error('GLEANER_WEBHOOK_SECRET must be set'); // readConfig has seen to it
}
