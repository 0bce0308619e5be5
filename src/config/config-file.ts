import { dirname } from 'node:path';
import { z } from 'zod';
import { SIMULATOR_ACCOUNT } from '../contracts/ids.ts';
import { expects, name } from '../contracts/schemas/fields.ts';
import { formatProblem, type Problem, toProblems } from '../contracts/schemas/problems.ts';
import { PROVIDERS } from '../contracts/scrapers.ts';
import { capsSchema, knownCapFields, type Caps } from './caps.ts';
import { baseUrlProblem, withoutTrailingSlash } from './base-url.ts';
import type { Account } from '../providers/account.ts';
import type { ConfigFiles } from './config-files.ts';
import { checkSecret, isLoginAndPassword, readSecretFile, type Secret } from './secret.ts';

export type ConfigFile =
  | { ok: true; accounts: Account[]; usdPerCredit?: number; caps?: Caps }
  | { ok: false; problems: Problem[] };

/** Reads a config file: accounts, their caps and what a credit costs; every problem is named by the file and the path inside its JSON. */
export function readConfigFile(
  path: string,
  env: Record<string, string | undefined>,
  defaultBaseUrls: Record<Account['provider'], string>,
  files: ConfigFiles,
): ConfigFile {
  const json = readJson(path, files);
  if (!json.ok) return { ok: false, problems: [{ field: path, message: json.message }] };
  const parsed = fileSchema.safeParse(json.value, { reportInput: true });
  const problems = parsed.success
    ? []
    : toProblems(parsed.error, { ...KNOWN_FIELDS, ...knownCapFields(json.value) });
  const accounts: Account[] = [];
  for (const [index, entry] of (parsed.data?.accounts ?? []).entries()) {
    const { apiKeyEnv, apiKeyFile, baseUrl = defaultBaseUrls[entry.provider], ...rest } = entry;
    const field = `accounts[${index}]`;
    const secret = withForm(
      entry.provider,
      readSecret(apiKeyEnv, apiKeyFile, dirname(path), env, files),
      entry,
    );
    if (!secret.ok) problems.push({ field: `${field}.${secret.field}`, message: secret.message });
    else {
      accounts.push({
        ...rest,
        baseUrl: withoutTrailingSlash(baseUrl),
        secret: secret.secret,
        simulated: false,
        timeScale: 1,
      });
    }
  }
  const { usdPerCredit, caps } = parsed.data ?? {};
  if (problems.length === 0)
    return { ok: true, accounts, ...(usdPerCredit !== undefined && { usdPerCredit }), ...(caps && { caps }) };
  return {
    ok: false,
    problems: problems.map((problem) => ({ field: path, message: formatProblem(problem) })),
  };
}

type ReadSecret = Extract<Secret, { ok: true }> | { ok: false; field: string; message: string };

/** DataForSEO's secret is two words in one. */
function withForm(
  provider: Account['provider'],
  secret: ReadSecret,
  { apiKeyFile }: { apiKeyFile?: string },
): ReadSecret {
  if (!secret.ok || provider !== 'dataforseo' || isLoginAndPassword(secret.secret)) return secret;
  const field = apiKeyFile === undefined ? 'apiKeyEnv' : 'apiKeyFile';
  return { ok: false, field, message: 'must hold login:password (the value is not shown)' };
}

const aboveZero = z
  .number({ error: expects('a number above 0') })
  .positive({ error: expects('a number above 0') });

// What is not an object or a list is not shown: it may hold a key.
const accountSchema = z.strictObject(
  {
    provider: z.enum(PROVIDERS, { error: expects(`one of ${PROVIDERS.join(', ')}`) }),
    name: name().refine((text) => text !== SIMULATOR_ACCOUNT, {
      error: `"${SIMULATOR_ACCOUNT}" is the account of Gleaner's own simulator; choose another name`,
    }),
    baseUrl: z
      .string({ error: expects('a URL') })
      .superRefine((url, context) => {
        const problem = baseUrlProblem(url);
        if (problem !== undefined) context.addIssue(problem);
      })
      .optional(),
    apiKeyFile: z
      .string({ error: 'must be the path of a file' })
      .min(1, { error: 'must not be empty' })
      .optional(),
    // The value is not shown: it may be the key itself, put into the wrong field.
    apiKeyEnv: z
      .string({ error: 'must be the name of an environment variable such as "SCRAPELLM_API_KEY_EMEA"' })
      .regex(/^[A-Z][A-Z0-9_]*$/, {
        error:
          'must be the name of an environment variable such as "SCRAPELLM_API_KEY_EMEA" (the value is not shown)',
      })
      .optional(),
    submitsPerSecond: aboveZero.optional(),
    readsPerSecond: aboveZero.optional(),
  },
  { error: 'must be an object such as {"provider": "scrapellm", "name": "emea", "apiKeyFile": "…"}' },
);

const fileSchema = z.strictObject(
  {
    accounts: z.array(accountSchema, { error: 'must be a list of accounts' }).optional(),
    usdPerCredit: aboveZero.optional(),
    caps: capsSchema.optional(),
  },
  { error: 'must be an object such as {"accounts": []}' },
);

const KNOWN_FIELDS = { '': Object.keys(fileSchema.shape), 'accounts[]': Object.keys(accountSchema.shape) };

function readJson(
  path: string,
  files: ConfigFiles,
): { ok: true; value: unknown } | { ok: false; message: string } {
  let text: string;
  try {
    text = files.readText(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { ok: false, message: `cannot be read (${code})` };
  }
  try {
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch {
    // The parser's own message quotes the text around the fault, which may be a key.
    return { ok: false, message: 'is not valid JSON (the text is not shown: it may hold a key)' };
  }
}

function readSecret(
  apiKeyEnv: string | undefined,
  apiKeyFile: string | undefined,
  folder: string,
  env: Record<string, string | undefined>,
  files: ConfigFiles,
): ReadSecret {
  if ((apiKeyEnv === undefined) === (apiKeyFile === undefined)) {
    return { ok: false, field: 'apiKeyFile', message: 'give either apiKeyFile or apiKeyEnv' };
  }
  if (apiKeyFile !== undefined) {
    const secret = readSecretFile(apiKeyFile, folder, files);
    return secret.ok ? secret : { ok: false, field: 'apiKeyFile', message: secret.message };
  }
  const value = env[apiKeyEnv ?? '']?.trim();
  if (!value) {
    return { ok: false, field: 'apiKeyEnv', message: `the environment variable ${apiKeyEnv} is not set` };
  }
  const secret = checkSecret(value);
  return secret.ok ? secret : { ok: false, field: 'apiKeyEnv', message: `${apiKeyEnv} ${secret.message}` };
}
