import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

// Strict on purpose: what the native start does not know of must not be in the compose file, else the two would differ
// and nobody would notice.
const serviceSchema = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  network_mode: z.string().optional(),
  deploy: z.strictObject({ replicas: z.coerce.number().int().min(0) }).optional(),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({
        condition: z.enum(['service_healthy', 'service_completed_successfully']),
        restart: z.boolean().optional(),
      }),
    )
    .default({}),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
      start_period: z.string(),
    })
    .optional(),
  restart: z.enum(['no', 'unless-stopped']),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .default('10s'),
  // What a container has and a process of this machine has not.
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
});

const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

export type ComposeFile = z.output<typeof composeSchema>;
export type ComposeService = z.output<typeof serviceSchema>;

/** Reads a compose file with its variables filled in from `env`. Throws if it holds something that is not known here. */
export async function readCompose(path: string, env: Record<string, string>): Promise<ComposeFile> {
  const document: unknown = parse(await readFile(path, 'utf8'));
  return composeSchema.parse(interpolated(document, env));
}

/** The service of this name; throws if there is none. */
export function serviceOf(compose: ComposeFile, name: string): ComposeService {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`the compose file has no service "${name}"`);
  return service;
}

/** https://docs.docker.com/reference/compose-file/interpolation/, of which we use `${NAME:-default}` alone, also nested. */
function interpolated(value: unknown, env: Record<string, string>): unknown {
  if (typeof value === 'string') {
    // The innermost first.
    const filled = value.replace(
      /\$\{(\w+):-([^{}]*)\}/g,
      (_, name: string, byDefault: string) => env[name] || byDefault,
    );
    return filled === value ? value : interpolated(filled, env);
  }
  if (Array.isArray(value)) return value.map((item) => interpolated(item, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolated(item, env)]));
}
