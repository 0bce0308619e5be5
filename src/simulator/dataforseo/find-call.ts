import { codeList, resendWebhooks, serviceStatus, userData } from './appendix.ts';
import { taskEntry } from './envelope.ts';
import type { Answer, Desk, VendorCall } from './desk.ts';
import { listErrors } from './error-list.ts';
import { FAMILIES, type Api, type Family, type Variant } from './families.ts';
import type { CallName } from './faults.ts';
import { getTask } from './get-task.ts';
import { listIds } from './id-list.ts';
import { listFixed, listReady } from './lists.ts';
import { listLanguages, listLocations } from './markets.ts';
import { postTasks } from './post-tasks.ts';
import { newTaskId } from './task-id.ts';
import type { LimitClass } from './vendor-traffic.ts';

/** A call that the vendor knows, and how it is answered. */
export interface FoundCall {
  name: CallName;
  api: Api | 'appendix';
  family?: Family;
  /** The task that it is about. */
  taskId?: string;
  limit?: LimitClass;
  answer(desk: Desk, call: VendorCall): Answer;
}

/** Finds what a method and a path mean; undefined: the vendor has no such endpoint. */
export function findCall(method: string, path: string): FoundCall | undefined {
  const parts = path.split('/').slice(1);
  const family = FAMILIES.find((each) => path.startsWith(`v3/${each.path}/`));
  if (family) return ofFamily(method, family, parts.slice(3));
  if (parts[0] === 'appendix') return ofAppendix(method, parts.slice(1));
  return ofApi(method, parts);
}

function ofFamily(method: string, family: Family, [name = '', ...rest]: string[]): FoundCall | undefined {
  const { api } = family;
  const known = { api, family };
  const isList = rest.length === 0 && method === 'GET';
  switch (name) {
    case 'task_post':
      if (method !== 'POST' || rest.length > 0) return undefined;
      return { ...known, name, answer: (desk, call) => postTasks(desk, family, call) };
    case 'task_get':
      return method === 'GET' ? ofTask(family, rest) : undefined;
    case 'tasks_ready':
      if (!isList) return undefined;
      return {
        ...known,
        name,
        limit: `lists ${api}`,
        answer: (desk, call) => listReady(desk, [family], call),
      };
    case 'tasks_fixed':
      if (!isList || api !== 'serp') return undefined;
      return { ...known, name, limit: `lists ${api}`, answer: (desk, call) => listFixed(desk, family, call) };
    default:
      return method === 'GET' ? ofMarkets(api, [name, ...rest]) : undefined;
  }
}

function ofTask(family: Family, [variant, taskId, ...rest]: string[]): FoundCall | undefined {
  const known = family.variants.find((each): each is Variant => each === variant);
  if (!known || taskId === undefined || rest.length > 0) return undefined;
  return {
    name: 'task_get',
    api: family.api,
    family,
    taskId,
    answer: (desk, call) => getTask(desk, family, known, taskId, call),
  };
}

/** Calls of a whole API or of one engine of it. */
function ofApi(method: string, [first, ...rest]: string[]): FoundCall | undefined {
  if (first !== 'serp' && first !== 'ai_optimization') return undefined;
  const api = first;
  const [name] = rest;
  if (rest.length === 1 && method === 'POST') {
    if (name === 'id_list')
      return { name, api, limit: name, answer: (desk, call) => listIds(desk, api, call) };
    if (name === 'errors')
      return { name, api, limit: name, answer: (desk, call) => listErrors(desk, api, call) };
  }
  if (api !== 'serp' || method !== 'GET') return undefined;
  const [se] = rest.length > 1 ? rest : [undefined];
  const families = FAMILIES.filter((each) => each.api === api && (se === undefined || each.se === se));
  if (families.length === 0) return undefined;
  const tail = rest.slice(se === undefined ? 0 : 1);
  if (tail.length === 1 && tail[0] === 'tasks_ready') {
    return {
      name: 'tasks_ready',
      api,
      limit: 'lists serp',
      answer: (desk, call) => listReady(desk, families, call),
    };
  }
  return se === undefined ? undefined : ofMarkets(api, tail);
}

function ofMarkets(api: Api, [name, country, ...rest]: string[]): FoundCall | undefined {
  if (rest.length > 0 || (name !== 'locations' && (name !== 'languages' || country !== undefined)))
    return undefined;
  const rows = name === 'locations' ? () => listLocations(country) : listLanguages;
  return {
    name: 'other',
    api,
    answer: (desk, { path }) => {
      const id = newTaskId(desk.clock.nowMs(), '0080');
      const data = { api, function: name };
      return { kind: 'tasks', tasks: [taskEntry({ id, code: 20_000, path, data, result: rows() })] };
    },
  };
}

function ofAppendix(method: string, [name = '', ...rest]: string[]): FoundCall | undefined {
  if (rest.length > 0) return undefined;
  const api = 'appendix';
  if (method === 'POST') return name === 'webhook_resend' ? { name, api, answer: resendWebhooks } : undefined;
  switch (name) {
    case 'user_data':
      return { name, api, limit: name, answer: userData };
    case 'errors':
      return { name: 'other', api, answer: codeList };
    case 'status':
      return { name: 'other', api, limit: name, answer: serviceStatus };
    default:
      return undefined;
  }
}
