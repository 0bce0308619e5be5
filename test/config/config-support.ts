import { ConfigError } from '../../src/config/config-error.ts';
import { readConfig } from '../../src/config/read-config.ts';

export const KEY = 'sk-test-0123456789';

/** The problems that keep this environment from being used; none if it can be. */
export function problems(env: Record<string, string>, cwd: string): string[] {
  try {
    readConfig(env, cwd);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}
