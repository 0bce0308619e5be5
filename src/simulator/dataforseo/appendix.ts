import { readElements, type Answer, type Desk, type VendorCall } from './desk.ts';
import { taskEntry, toUsd } from './envelope.ts';
import { FAMILIES } from './families.ts';
import { STATUS_MESSAGES } from './status-codes.ts';
import { isDone, pingbackUrl, postbackUrl, type Task } from './task.ts';
import { newTaskId } from './task-id.ts';

/** `GET /v3/appendix/user_data`: balance, rate limits and prices of the account. */
export function userData(desk: Desk, call: VendorCall): Answer {
  const { wallets } = desk.state;
  const { total, lists, idList, errors } = desk.knobs.limits;
  const { pricePercent } = desk.knobs;
  const minute = {
    serp: { task_post: total, tasks_ready: lists, tasks_fixed: lists, id_list: idList, errors },
    total_serp: total,
    ai_optimization: {
      llm_scraper: { task_post: total, tasks_ready: lists },
      id_list: idList,
      errors,
    },
    total_ai_optimization: total,
    total,
  };
  return one(desk, call, '0120', {
    login: call.login,
    timezone: 'Etc/UTC',
    rates: { limits: { day: {}, minute }, statistics: { day: {}, minute: {} } },
    money: {
      total: toUsd(wallets.total(call.login)),
      balance: toUsd(wallets.balance(call.login, desk.clock.nowMs())),
      limits: { day: {}, minute: {} },
      statistics: { day: {}, minute: {} },
    },
    price: {
      serp: {
        task_post: prices(6 * pricePercent.serp),
        task_get: { regular: prices(0), advanced: prices(0), html: prices(0) },
        tasks_ready: prices(0),
        id_list: prices(0),
        errors: prices(0),
      },
      ai_optimization: {
        llm_scraper: {
          task_post: prices(12 * pricePercent.ai_optimization),
          task_get: { advanced: prices(0), html: prices(0) },
          tasks_ready: prices(0),
        },
        id_list: prices(0),
        errors: prices(0),
      },
    },
    backlinks_subscription_expiry_date: null,
    llm_mentions_subscription_expiry_date: null,
  });
}

/** `GET /v3/appendix/errors`: the vendor's list of codes. */
export function codeList(desk: Desk, call: VendorCall): Answer {
  const rows = Object.entries(STATUS_MESSAGES).map(([code, message]) => ({ code: Number(code), message }));
  return one(desk, call, '0121', ...rows);
}

/** `GET /v3/appendix/status`: everything always works. */
export function serviceStatus(desk: Desk, call: VendorCall): Answer {
  const rows = ['serp', 'ai_optimization'].map((api) => ({
    api,
    status: 'ok',
    endpoints: FAMILIES.filter((family) => family.api === api).map(({ path }) => ({
      endpoint: path,
      status: 'ok',
    })),
  }));
  return one(desk, call, '0122', ...rows);
}

/** Ids of one call; docs.dataforseo.com/v3/appendix/webhook_resend. */
const MAX_RESENDS = 100;

/** `POST /v3/appendix/webhook_resend`: makes the callbacks of ended tasks once more, after the answer. */
export function resendWebhooks(desk: Desk, call: VendorCall): Answer {
  const read = readElements(call.body);
  if (read.kind === 'refused') return read;
  const nowMs = desk.clock.nowMs();
  const again: Task[] = [];
  const tasks = read.elements.map((element, index) => {
    const id = idOf(element);
    const task = desk.state.tasks.get(id);
    const code = index < MAX_RESENDS ? resendCode(task, call.login, nowMs) : 40_006;
    if (task && code === 20_000) again.push(task);
    return taskEntry({
      id,
      code,
      path: call.path,
      data: { api: 'appendix', function: 'webhook_resend', id },
    });
  });
  return { kind: 'tasks', tasks, callBackAfter: again };
}

function resendCode(task: Task | undefined, login: string, nowMs: number): number {
  if (!task || task.login !== login) return 40_401;
  if (postbackUrl(task) === undefined && pingbackUrl(task) === undefined) return 40_404;
  return isDone(task, nowMs) ? 20_000 : 40_602;
}

function idOf(element: unknown): string {
  const id = element !== null && typeof element === 'object' && 'id' in element ? element.id : undefined;
  return typeof id === 'string' ? id : '';
}

function one(
  desk: Desk,
  call: VendorCall,
  functionCode: string,
  ...result: Record<string, unknown>[]
): Answer {
  const [, api = '', name = ''] = call.path.split('/');
  const id = newTaskId(desk.clock.nowMs(), functionCode);
  return {
    kind: 'tasks',
    tasks: [taskEntry({ id, code: 20_000, path: call.path, data: { api, function: name }, result })],
  };
}

/** Which of `priority_low` and `priority_normal` is `priority: 1` is not documented; both have its price. */
function prices(normalMicros: number): Record<string, unknown> {
  return {
    priority_low: price(normalMicros),
    priority_normal: price(normalMicros),
    priority_high: price(2 * normalMicros),
  };
}

function price(micros: number): Record<string, unknown>[] {
  return [{ cost_type: 'per_request', cost: toUsd(micros) }];
}
