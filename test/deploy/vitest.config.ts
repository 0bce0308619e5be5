import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Not part of `npm test`: it needs PostgreSQL and, once, minutes for building Temporal's server. `npm run test:topology`.
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    name: 'topology',
    pool: 'forks',
    include: ['test/deploy/*.e2e.ts'],
    testTimeout: 600_000,
    // The first start builds the server.
    hookTimeout: 60 * 60_000,
  },
});
