import { z } from 'zod';
import { RETRIED_OUTCOMES } from '../contracts/retry.ts';
import type { RetryPlan, RetryRow } from '../contracts/retry.ts';
import { sha256 } from './hashes.ts';
import { compress, damaged, decompress, parseStored, toJson } from './json-objects.ts';
import type { Place } from './json-objects.ts';
import { isSegment } from './object-keys.ts';
import type { ObjectStore } from './object-store.ts';
import { chargeSchema, paramsSchema } from './scrape-schemas.ts';
import type { Retries } from './store.ts';

const REMEDY = 'Restore it from a backup, or delete the folder of this retry and start another one.';

const planSchema = z.looseObject({
  batchId: z.string(),
  n: z.number().int().positive(),
  only: z.array(z.enum(RETRIED_OUTCOMES)),
  set: paramsSchema,
  createdAt: z.string(),
  total: z.number().int().nonnegative(),
  bound: chargeSchema,
  pages: z.array(z.number().int().positive()),
}) satisfies z.ZodType<RetryPlan>;

const rowsSchema = z.array(
  z.looseObject({
    scrapeId: z.string(),
    from: z.number().int().positive(),
    params: paramsSchema,
    bound: chargeSchema,
  }),
) satisfies z.ZodType<RetryRow[]>;

/**
 * Retries as objects: `batches/<name>/retries/0001/plan.json`, created exclusively, and its pages beside it under the hash
 * of the plan as it is stored. Pages come first: a kill in between leaves pages that no plan names, and of two clients that
 * plan the same number each writes pages of its own.
 */
export function createRetries(objects: ObjectStore): Retries {
  const place = (key: string): Place => ({ location: objects.location, key, remedy: REMEDY });

  function parsePlan(body: Uint8Array, batchId: string, n: number): RetryPlan {
    const at = place(`${folderOf(batchId, n)}/plan.json`);
    const plan = parseStored(planSchema, body, at);
    if (plan.batchId !== batchId || plan.n !== n)
      throw damaged(at, `it is retry ${plan.n} of ${plan.batchId}`);
    return plan;
  }

  return {
    async create(plan, pages) {
      const folder = folderOf(plan.batchId, plan.n);
      const body = toJson(plan);
      for (const [page, rows] of pages) {
        await objects.put(pageKey(folder, body, page), await compress(toJson(rows)));
      }
      const made = await objects.createExclusive(`${folder}/plan.json`, body);
      return made.created ? plan : parsePlan(made.existing, plan.batchId, plan.n);
    },

    async read(batchId, n) {
      const body = await objects.get(`${folderOf(batchId, n)}/plan.json`);
      return body && parsePlan(body, batchId, n);
    },

    async readPage(batchId, n, page) {
      const folder = folderOf(batchId, n);
      const body = await objects.get(`${folder}/plan.json`);
      if (body === undefined) throw damaged(place(`${folder}/plan.json`), 'it is missing');
      if (!parsePlan(body, batchId, n).pages.includes(page)) return [];
      const at = place(pageKey(folder, body, page));
      const rows = await objects.get(at.key);
      if (rows === undefined) throw damaged(at, 'it is missing');
      return parseStored(rowsSchema, await decompress(rows, at), at);
    },

    async latest(batchId) {
      const plans = (await objects.list(`${folderOf(batchId)}/`)).filter((key) => PLAN_KEY.test(key));
      return Number(PLAN_KEY.exec(plans.at(-1) ?? '')?.[1] ?? 0);
    },
  };
}

const PLAN_KEY = /\/(\d{4,})\/plan\.json$/;

function folderOf(batchId: string, n?: number): string {
  const name = batchId.replace(/^batch\//, '');
  if (!batchId.startsWith('batch/') || !isSegment(name))
    throw new RangeError(`"${batchId}" is not a batch id`);
  return `batches/${name}/retries${n === undefined ? '' : `/${String(n).padStart(4, '0')}`}`;
}

function pageKey(folder: string, planBody: Uint8Array, page: number): string {
  return `${folder}/pages-${sha256(planBody).slice(0, 12)}/${String(page).padStart(5, '0')}.json.gz`;
}
