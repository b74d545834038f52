// Prints `PASSED FAILED` of a vitest result file; a run without tests, or one that failed otherwise, counts as a failure.
import { readFileSync } from 'node:fs';

const [file, status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
try {
  const results = JSON.parse(readFileSync(file, 'utf8'));
  passed = results.numPassedTests;
  failed = results.numFailedTests;
  for (const suite of results.testResults) {
    if (suite.message) console.error(`FAILED: ${suite.name}: ${suite.message}`);
    for (const test of suite.assertionResults) {
      if (test.status === 'failed') console.error(`FAILED: ${suite.name}: ${test.fullName}\n${test.failureMessages.join('\n')}`);
    }
  }
  if (results.numPendingTests > 0) {
    console.error(`${results.numPendingTests} tests were skipped, which CI does not allow`);
    failed += results.numPendingTests;
  }
} catch (error) {
  console.error(`no results: ${error.message}`);
}
if (failed === 0 && (passed === 0 || status !== '0')) failed = 1;
console.log(`${passed} ${failed}`);
