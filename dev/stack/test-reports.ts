/** What the reports of vitest and Playwright say: how many tests passed and failed, and which need a look. */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { checkoutDir } from '@/dev/stack/paths';

export type Counts = {
  passed: number;
  failed: number;
  /** The failed tests, as `file › name`. */
  failures?: string[];
  /** Tests that failed, and passed when they were repeated at once. */
  flaky?: string[];
};

type VitestReport = {
  testResults: {
    name: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
};
type Suite = { suites?: Suite[]; specs?: { title: string; file: string; tests: { status: string }[] }[] };

const read = <Report>(file: string): Report | null =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : null;

/** What vitest wrote into `file`, and dev/stack/flaky-reporter.ts into `flakyFile`; nothing where they wrote none. */
export function vitestCounts(file: string, flakyFile: string): Counts {
  const tests = (read<VitestReport>(file)?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, fullName }) => ({ status, name: `${relative(checkoutDir, name)} › ${fullName}` })),
  );
  const failures = tests.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const flaky = existsSync(flakyFile) ? readFileSync(flakyFile, 'utf8').split('\n').filter(Boolean) : [];
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return { passed, failed: failures.length, failures, flaky };
}

/** What Playwright wrote into `file`; nothing where it wrote none. */
export function playwrightCounts(file: string): Counts {
  const specs = (suite: Suite): NonNullable<Suite['specs']> => [
    ...(suite.specs ?? []),
    ...(suite.suites ?? []).flatMap(specs),
  ];
  const tests = (read<Suite>(file)?.suites ?? [])
    .flatMap(specs)
    .flatMap(spec => spec.tests.map(({ status }) => ({ status, name: `e2e/${spec.file} › ${spec.title}` })));
  const named = (status: string) => tests.filter(test => test.status === status).map(({ name }) => name);
  const [failures, flaky] = [named('unexpected'), named('flaky')];
  return { passed: named('expected').length + flaky.length, failed: failures.length, failures, flaky };
}
