/** A reporter of vitest that says which tests passed only when they were repeated: one line each, beside the project's report. */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** Where the lines go; what starts vitest names it. */
const file = process.env.TENANTRY_FLAKY_REPORT;

export default class FlakyReporter implements Reporter {
  readonly #names: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#names.push(`${test.module.relativeModuleId} › ${test.fullName}`);
  }

  onTestRunEnd(): void {
    if (file) writeFileSync(file, this.#names.map(name => `${name}\n`).join(''));
  }
}
