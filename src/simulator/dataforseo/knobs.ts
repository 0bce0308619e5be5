import { z } from 'zod';
import { CALL_FAULTS, TASK_FAULTS } from './faults.ts';

const rate = z.number().min(0).max(1);
const ms = z.number().min(0);
const limit = z.number().int().min(0).nullable();
const percent = z.number().int().min(1);

/** Everything about the simulated DataForSEO that can be turned while it runs. Times are simulator milliseconds. */
const knobsSchema = z.strictObject({
  /** Probability of each fault per task, POST and other call; setting one map replaces it whole. Scripts come first. */
  taskFaults: z.partialRecord(z.enum(TASK_FAULTS), rate),
  postFaults: z.partialRecord(z.enum(CALL_FAULTS), rate),
  readFaults: z.partialRecord(z.enum(CALL_FAULTS), rate),

  /** From the POST to the end; all four are divided by the speed factor. */
  normalMedianMs: ms,
  normalP95Ms: ms,
  highMedianMs: ms,
  highP95Ms: ms,
  /** When set, every new task takes exactly this long; not divided by the speed factor. */
  durationMs: ms.nullable(),

  /** From the end to the ready lists, and from the POST to `id_list`; both are divided by the speed factor. */
  listLagMs: ms,
  searchLagMs: ms,
  /** Added to the lag of `id_list`, for each task anew from 0 to this much; not divided by the speed factor. */
  searchLagSpreadMs: ms,
  /** How long the faults `slow`, `hidden`, `listed-late`, `searched-late` and `callback-late` last. */
  slowMs: ms,
  hiddenMs: ms,
  listedLateMs: ms,
  searchedLateMs: ms,
  callbackLateMs: ms,
  /** How large `huge-body`, `huge-result` and `postback-huge` are. */
  hugeBytes: z.number().int().min(0),

  callbackTimeoutMs: ms,
  /** The least time between two callbacks, as the account setting "webhook delay". */
  callbackSpacingMs: ms,

  /** What accounts pay of the documented prices, in hundredths: charged when a task is posted and told by `user_data`. */
  pricePercent: z.strictObject({ serp: percent, ai_optimization: percent }),

  /** `null`: never. */
  refundDelayMs: ms.nullable(),
  /** Whether pages that there were not are paid back: where the field's page says so, everywhere, or nowhere. */
  unusedPages: z.enum(['stated', 'all', 'none']),
  refundExecutionFailed: z.boolean(),
  /** How often Google shows an AI overview. */
  aiOverviewRate: rate,

  /** Calls within any 60 seconds; `null`: no limit. */
  limits: z.strictObject({
    total: limit,
    lists: limit,
    idList: limit,
    errors: limit,
    userData: limit,
    status: limit,
    aiInFlight: limit,
  }),

  /** Contract points that the vendor leaves open. */
  noFunds: z.enum(['http-402', 'root-40210', 'task-40210']),
  unknownIdStatus: z.union([z.literal(200), z.literal(404)]),
  emptyList: z.enum(['null', 'array']),
  failedTasksListed: z.boolean(),
  htmlCollects: z.boolean(),
  pendingCode: z.enum(['40601-40602', '20100']),
  costOnGet: z.boolean(),
  priorityAsText: z.boolean(),
  offsetStyle: z.enum(['+00:00', '+0000']),
  gzip: z.boolean(),

  hostileText: z.boolean(),
  /** The text is padded to at least this many bytes. */
  resultBytes: z.number().int().min(0),
});
export type DataForSeoKnobs = z.infer<typeof knobsSchema>;

/** A partial set; what it leaves out keeps its value. */
export const dataForSeoKnobsPatchSchema = knobsSchema.partial();

const MINUTE_MS = 60_000;

/** Times, limits and sizes as the vendor's pages give them; no faults. */
export const DEFAULT_DATAFORSEO_KNOBS: DataForSeoKnobs = {
  taskFaults: {},
  postFaults: {},
  readFaults: {},
  // dataforseo.com/help-center/fastest-method-to-get-results: about 5 minutes on average, 1 with high priority.
  normalMedianMs: 3 * MINUTE_MS,
  normalP95Ms: 15 * MINUTE_MS,
  highMedianMs: 40_000,
  highP95Ms: 150_000,
  durationMs: null,
  listLagMs: 2_000,
  searchLagMs: 1_000,
  searchLagSpreadMs: 0,
  slowMs: 5_000,
  hiddenMs: 5_000,
  listedLateMs: 10 * MINUTE_MS,
  searchedLateMs: 2 * MINUTE_MS,
  callbackLateMs: MINUTE_MS,
  hugeBytes: 50 * 1024 * 1024,
  callbackTimeoutMs: 10_000,
  callbackSpacingMs: 0,
  pricePercent: { serp: 100, ai_optimization: 100 },
  refundDelayMs: 0,
  unusedPages: 'stated',
  refundExecutionFailed: false,
  aiOverviewRate: 0.6,
  limits: { total: 2_000, lists: 20, idList: 10, errors: 10, userData: 6, status: 10, aiInFlight: 30 },
  noFunds: 'http-402',
  unknownIdStatus: 200,
  emptyList: 'null',
  failedTasksListed: true,
  htmlCollects: true,
  pendingCode: '40601-40602',
  costOnGet: false,
  priorityAsText: false,
  offsetStyle: '+00:00',
  gzip: true,
  hostileText: false,
  resultBytes: 0,
};
