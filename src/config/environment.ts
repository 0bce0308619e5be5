import { z } from 'zod';
import { DEFAULT_TASK_QUEUE } from '../contracts/ids.ts';
import { expects, isName, MAX_NAME_CHARS } from '../contracts/schemas/fields.ts';
import { baseUrlProblem, WEBHOOK_ADDRESS, type AddressKind } from './base-url.ts';

/** Faster than this and timers of a millisecond would decide instead of the simulation. */
const MAX_SPEED = 10_000;

/** The variables that Gleaner reads, after blank ones are taken out; a value of another form is named with what is expected. */
export const environmentSchema = z.object({
  SCRAPELLM_API_KEY: z.string().optional(),
  SCRAPELLM_API_KEY_FILE: z.string().optional(),
  SCRAPELLM_BASE_URL: baseUrl(),
  DATAFORSEO_LOGIN: z.string().optional(),
  DATAFORSEO_LOGIN_FILE: z.string().optional(),
  DATAFORSEO_PASSWORD: z.string().optional(),
  DATAFORSEO_PASSWORD_FILE: z.string().optional(),
  DATAFORSEO_BASE_URL: baseUrl(),
  GLEANER_HOME: z.string().optional(),
  GLEANER_STORE: folder().optional(),
  GLEANER_CONFIG: z.string().optional(),
  GLEANER_TASK_QUEUE: taskQueue().default(DEFAULT_TASK_QUEUE),
  /** Worker processes that share the accounts: what a provider takes at once is divided by it. */
  GLEANER_WORKERS: workers().default(1),
  // Temporal's own defaults: https://docs.temporal.io/cli/server
  GLEANER_TEMPORAL_PORT: port().default(7233),
  GLEANER_UI_PORT: port().default(8233),
  GLEANER_SIMULATOR_PORT: port().default(8808),
  /** How many times faster than life the simulator runs. */
  GLEANER_SIMULATOR_SPEED: speed().default(1),
  GLEANER_WEBHOOK_URL: baseUrl(WEBHOOK_ADDRESS),
  GLEANER_WEBHOOK_PORT: port().default(8809),
  GLEANER_WEBHOOK_SECRET: z.string().optional(),
  GLEANER_WEBHOOK_SECRET_FILE: z.string().optional(),
});

export type Environment = z.output<typeof environmentSchema>;

function baseUrl(kind?: AddressKind) {
  return z
    .string()
    .superRefine((url, context) => {
      const problem = baseUrlProblem(url, kind);
      if (problem !== undefined) context.addIssue(problem);
    })
    .optional();
}

function port() {
  const error = expects('a port, a whole number from 1 to 65535');
  return digits(error).refine((value) => value >= 1 && value <= 65_535, { error: shown(error) });
}

function workers() {
  const error = expects('a number of worker processes, 1 or more');
  return digits(error).refine((value) => value >= 1, { error: shown(error) });
}

function digits(error: ReturnType<typeof expects>) {
  return z
    .string()
    .regex(/^\d{1,5}$/, { error })
    .transform(Number);
}

function speed() {
  const error = expects(`a number above 0, at most ${MAX_SPEED}`);
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, { error })
    .transform(Number)
    .refine((value) => value > 0 && value <= MAX_SPEED, { error: shown(error) });
}

function taskQueue() {
  const error = expects(`a name of letters, digits, ".", "_" and "-" (at most ${MAX_NAME_CHARS})`);
  return z.string().refine(isName, { error });
}

/** S3 stores have a URL; until there are such stores, one must not become a folder named `s3:`. */
function folder() {
  const error = expects('a folder on this machine');
  return z.string().refine((text) => !/^[a-z][a-z0-9+.-]+:\/\//i.test(text), { error });
}

/** A value that was a text in the environment is shown as one. */
function shown(error: ReturnType<typeof expects>): ReturnType<typeof expects> {
  return ({ input }) => error({ input: String(input) });
}
