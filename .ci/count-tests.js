// Prints the last line of `.ci/run` from the report of vitest's JSON reporter.
import { existsSync, readFileSync } from 'node:fs';

const path = process.argv[2] ?? '';
const files = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).testResults : [];
const statuses = files.flatMap(({ status, assertionResults }) => {
  const ofTests = assertionResults.map((test) => test.status);
  // A file that could not be loaded, or whose set-up failed, has no failed test to show for it.
  return status === 'failed' && !ofTests.includes('failed') ? [...ofTests, 'failed'] : ofTests;
});
const passed = statuses.filter((status) => status === 'passed').length;
const failed = statuses.filter((status) => status === 'failed').length;
console.log(`tests: ${passed} passed, ${failed} failed, ${statuses.length - passed - failed} skipped`);
