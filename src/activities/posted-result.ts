import type { Intent, Receipt } from '../contracts/journal.ts';
import { decodeBody } from '../providers/decode-body.ts';
import type { BoughtTask, HttpReply, Provider } from '../providers/provider.ts';
import type { Postback } from '../providers/webhook-protocol.ts';
import { providerOf } from '../providers/registry.ts';
import { StoreError } from '../store/store-error.ts';
import type { ActivityDeps } from './deps.ts';
import { receiptOf } from '../lists/receipt-of.ts';

/**
 * What was posted for a bought task, as the reply to a look at it, if it can be believed: task and mark inside are those
 * of the purchase, and it is a result. Anything else is left to a look at the provider: a failure too, because it may lead
 * to another purchase, and nobody signed what says so.
 */
export async function postedReply(
  deps: ActivityDeps,
  provider: Provider,
  task: BoughtTask,
  tag: string,
): Promise<HttpReply | undefined> {
  const posted = await readPosted(deps, provider, tag, task.taskId);
  if (!posted) return undefined;
  const { variant } = posted.postback;
  if (variant !== undefined && task.variant !== undefined && variant !== task.variant) return undefined;
  const reply = { status: 200, headers: {}, body: posted.body, serverTimeMs: Date.now() };
  return provider.readCheck(reply, task).kind === 'ready' ? reply : undefined;
}

/**
 * The receipt of an intent whose answer was lost, made of what was posted for it; undefined if nothing was. The caller
 * journals it. Of several tasks the first by id is taken.
 */
async function candidateOf(deps: ActivityDeps, intent: Intent): Promise<Receipt | undefined> {
  const [first] = await candidatesOf(deps, intent);
  return first && adoptedReceipt(deps, providerOf(intent.request.scraper), intent, first);
}

/** Everything that was posted under a submission's mark and names both mark and task, by the tasks' ids. */
export async function candidatesOf(
  deps: Pick<ActivityDeps, 'store'>,
  { tag, request: { scraper } }: Intent,
): Promise<Postback[]> {
  const provider = providerOf(scraper);
  if (!provider.webhooks) return [];
  const found: Postback[] = [];
  for (const taskId of await deps.store.postbacks.taskIds(tag)) {
    const posted = await readPosted(deps, provider, tag, taskId);
    if (posted) found.push(posted.postback);
  }
  return found;
}

/** Journals the receipt that `candidateOf` finds; a kill before it is written leaves everything as it was. */
export async function adoptPosted(deps: ActivityDeps, intent: Intent): Promise<Receipt | undefined> {
  const receipt = await candidateOf(deps, intent);
  if (!receipt) return undefined;
  await deps.store.journal.createReceipt(receipt);
  await deps.fault('reconcile:post-adopted');
  return receipt;
}

/** Takes away what was posted for a submission that has its verdict. What cannot be taken away does no harm. */
export async function forgetPosted(
  deps: Pick<ActivityDeps, 'store' | 'fault'>,
  provider: Provider,
  tag: string,
): Promise<void> {
  if (!provider.webhooks) return;
  try {
    await deps.store.postbacks.clear(tag);
    await deps.fault('check:posts-cleared');
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

/** As large as a body that is fetched (http.ts). */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The unpacked body of a task, if task and mark inside are the right ones. */
async function readPosted(
  deps: Pick<ActivityDeps, 'store'>,
  provider: Provider,
  tag: string,
  taskId: string,
): Promise<{ postback: Postback; body: Uint8Array } | undefined> {
  const stored = provider.webhooks && (await deps.store.postbacks.read(tag, taskId));
  const body = stored && (await unpack(stored));
  const postback = body && provider.webhooks?.readPostback(body);
  return body && postback?.taskId === taskId && postback.tag === tag ? { postback, body } : undefined;
}

/** "Gzip-compressed" (task_post); whether a header says so, nobody does, so the first two bytes decide. */
async function unpack(body: Uint8Array): Promise<Uint8Array | undefined> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  return decodeBody(body, 'gzip', MAX_BODY_BYTES).catch(() => undefined);
}

/** When it was bought, only our own clock knows; its age then is a little too high, never too low. */
function adoptedReceipt(
  deps: ActivityDeps,
  provider: Provider,
  intent: Intent,
  { taskId, charge = intent.bound }: Postback,
): Receipt {
  const book = deps.accounts.find(provider.name, intent.account);
  return receiptOf(intent, provider, book?.timeScale ?? 1, { taskId, charge, submittedAt: intent.createdAt });
}
