import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { check, takePosted } from '../../src/activities/check.ts';
import type { CheckResult } from '../../src/activities/check.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import { reconcile } from '../../src/activities/reconcile.ts';
import { submit } from '../../src/activities/submit.ts';
import type { SubmitResult } from '../../src/activities/purchase.ts';
import type { Receipt } from '../../src/contracts/journal.ts';
import type { ScrapeInput, ScrapeRef } from '../../src/contracts/scrape.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { simulatedDataForSeo } from '../support/accounts.ts';
import { NO_COLLECTOR } from '../support/no-collector.ts';
import { createCallbackUrls } from '../../src/webhooks/callback-urls.ts';
import { makeFolder } from '../store/fixtures.ts';

const REF: ScrapeRef = {
  scrapeId: 'scrape/posted',
  scraper: 'dataforseo/google-organic',
  market: 'US/en',
  account: 'default',
};
const INPUT: ScrapeInput = { scraper: REF.scraper, prompt: 'oat milk' };

/** Activities over a store of their own and a simulated DataForSEO, whose calls are counted; no Temporal. */
export interface PostedWorld {
  deps: ActivityDeps;
  control: SimulatorControl;
  tag: string;
  submit(): Promise<SubmitResult>;
  buy(): Promise<Receipt>;
  /** Looks once; at `diesAt` it ends as if the worker had been killed there. */
  look(receipt: Receipt, diesAt?: FaultPoint): Promise<CheckResult>;
  /** As a scrape does that is told of a post. */
  take(receipt: Receipt): Promise<CheckResult>;
  reconcile(): Promise<SubmitResult>;
  /** Stores a body as the receiver does. */
  post(body: Uint8Array | string, taskId: string): Promise<void>;
  /** How many GETs of results the provider was asked for. */
  gets(): Promise<number>;
}

/** `publicUrl`: where results are posted to; nobody is there unless it is given. */
export async function createPostedWorld(publicUrl = 'http://127.0.0.1:1'): Promise<PostedWorld> {
  const simulator = await startSimulator({ seed: 1, dataforseo: { knobs: { durationMs: 0 } } });
  onTestFinished(() => simulator.close());
  const store = await openFileStore(await makeFolder(), { simulated: true });
  const account = simulatedDataForSeo(simulator.url, 1);
  const urls = createCallbackUrls(publicUrl, 'a secret that nobody guesses');
  const deps = buildDeps({ accounts: [account], simulated: true, taskQueue: 'gleaner' }, store, {
    collector: NO_COLLECTOR,
    callbacksFor: urls.callbacksFor,
  });
  onTestFinished(() => deps.http.close());
  const control = simulatorControl(simulator.url);
  const tag = store.journal.tag(REF.scrapeId, 1);
  const buyOnce = (): Promise<SubmitResult> => submit(deps, { ref: REF, input: INPUT, n: 1 });
  return {
    deps,
    control,
    tag,
    submit: buyOnce,
    buy: async () => {
      const result = await buyOnce();
      if (result.kind !== 'receipt') throw new Error(`not bought but ${result.kind}`);
      return result.receipt;
    },
    look: (receipt, diesAt) => {
      const fault = (point: FaultPoint): void => {
        if (point === diesAt) throw new Error(`died at ${point}`);
      };
      return check({ ...deps, fault }, { ref: REF, receipt, mayResubmit: false }, 1);
    },
    take: (receipt) => takePosted(deps, { ref: REF, receipt, mayResubmit: true }),
    reconcile: () => reconcile(deps, { ref: REF, n: 1 }),
    post: async (body, taskId) => {
      await store.postbacks.write(tag, taskId, one(body));
    },
    gets: async () => {
      const { calls } = await control.dataforseo.calls();
      return calls.filter(({ path }) => path.includes('task_get')).length;
    },
  };
}

/** The body of a result as DataForSEO posts it, changed by `changes`. */
export function resultOf(
  { tag, postbackUrl }: { tag: string; postbackUrl?: string },
  taskId: string,
  changes: { code?: number; variant?: string; id?: string } = {},
): Uint8Array {
  const { code = 20000, variant = 'advanced', id = taskId } = changes;
  const item = {
    type: 'organic',
    rank_group: 1,
    rank_absolute: 1,
    title: 'Posted',
    url: 'https://posted.example/',
  };
  const task = {
    id,
    status_code: code,
    status_message: 'Ok.',
    cost: 0,
    path: ['v3', 'serp', 'google', 'organic', 'task_get', variant, id],
    data: { tag, postback_url: postbackUrl },
    result: [{ keyword: 'oat milk', datetime: '2026-11-20 10:05:11 +00:00', items_count: 1, items: [item] }],
  };
  return gzipSync(JSON.stringify({ status_code: 20000, status_message: 'Ok.', tasks: [task] }));
}

async function* one(body: Uint8Array | string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body);
}
