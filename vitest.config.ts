import { defineConfig } from 'vitest/config';

/** Where `.ci/run` wants the results of all tests; nowhere in any other run. */
const report = process.env['GLEANER_TEST_REPORT'];

// One project a kind of test: `unit` needs nothing, `replay` needs only the SDK, `server` starts a Temporal server,
// `chaos` kills worker processes on one, `browser` opens pages in Chromium. Forks, because the SDK's native addon dislikes worker threads.
export default defineConfig({
  test: {
    pool: 'forks',
    // Most of the time of a server test is a timer's.
    maxWorkers: 3,
    ...(report && { reporters: ['default', ['json', { outputFile: report }]] }),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.server.test.ts', 'test/**/*.browser.test.ts', 'test/replay/**'],
          globalSetup: ['test/support/compiled-cli.ts'],
          // Nothing of these tests stays behind in a process, and the modules are loaded once a process instead of once a file.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: { name: 'replay', include: ['test/replay/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['test/**/*.server.test.ts'],
          exclude: ['test/chaos/**'],
          globalSetup: ['test/support/temporal-server.ts', 'test/support/compiled-cli.ts'],
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.server.test.ts'],
          globalSetup: ['test/support/temporal-server.ts'],
          testTimeout: 400_000,
          hookTimeout: 120_000,
          // Workers are processes of their own here and are killed by the clock: one file at a time, after the others.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: ['test/**/*.browser.test.ts'], testTimeout: 60_000 },
      },
    ],
  },
});
