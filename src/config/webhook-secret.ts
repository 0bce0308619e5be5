import type { Problem } from '../contracts/schemas/problems.ts';
import { type EnvironmentSources, readVariable } from './environment-accounts.ts';

/** Shorter ones could be guessed. */
const MIN_CHARS = 16;

/**
 * The secret that signs the addresses we give to providers; adds what is wrong with it to `problems`. With an address of
 * ours and real purchases it must be there: every worker and receiver needs the same one. Simulated runs need none.
 */
export function readWebhookSecret(
  sources: EnvironmentSources & { simulated: boolean },
  problems: Problem[],
): string | undefined {
  const { env, simulated } = sources;
  const known = problems.length;
  const secret = readVariable('GLEANER_WEBHOOK_SECRET', sources, problems);
  if (problems.length > known) return undefined;
  const field =
    env['GLEANER_WEBHOOK_SECRET_FILE'] === undefined
      ? 'GLEANER_WEBHOOK_SECRET'
      : 'GLEANER_WEBHOOK_SECRET_FILE';
  if (secret !== undefined && secret.length < MIN_CHARS) {
    problems.push({ field, message: `must have at least ${MIN_CHARS} characters (the value is not shown)` });
  }
  if (secret === undefined && env['GLEANER_WEBHOOK_URL'] !== undefined && !simulated) {
    const missing = field.endsWith('_FILE')
      ? 'the file is empty, but its secret'
      : 'must be set too (or GLEANER_WEBHOOK_SECRET_FILE): it';
    problems.push({ field, message: `${missing} signs the addresses below GLEANER_WEBHOOK_URL` });
  }
  return secret;
}
