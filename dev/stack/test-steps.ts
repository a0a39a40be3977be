/** The steps of `npm test`, `test:slow` and `test:dates`: each runs a tool, is timed, and counts what passed and failed. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir, nodeBinary } from '@/dev/stack/paths';
import { type Counts, playwrightCounts, vitestCounts } from '@/dev/stack/test-reports';

/** Files that node_modules' command line tools begin in. */
const tools = {
  biome: '@biomejs/biome/bin/biome',
  next: 'next/dist/bin/next',
  tsc: 'typescript/bin/tsc',
  vitest: 'vitest/vitest.mjs',
  playwright: '@playwright/test/cli.js',
};

/** Runs a tool of node_modules with its output shown; answers its exit code, 1 when a signal ended it. */
export function runTool(tool: keyof typeof tools, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(nodeBinary(), [join(checkoutDir, 'node_modules', tools[tool]), ...args], {
    cwd: checkoutDir,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return new Promise((resolve, reject) => child.once('exit', code => resolve(code ?? 1)).once('error', reject));
}

/** Ends this process, and with it the tool that runs, when it is interrupted or its starter is gone; `first` before that. */
export function endOnSignal(first: () => Promise<void> = async () => undefined): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => void first().finally(() => process.exit(1)));
  }
  if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

/** A check without tests of its own: counts only as one failure. */
export async function check(tool: keyof typeof tools, args: string[]): Promise<Counts> {
  return { passed: 0, failed: (await runTool(tool, args)) === 0 ? 0 : 1 };
}

/** What a tool's report says; a tool that failed without a failed test (it crashed, a file did not load) is one failure. */
const counted = (code: number, counts: Counts): Counts => ({
  ...counts,
  failed: code !== 0 && counts.failed === 0 ? 1 : counts.failed,
});

/** One vitest project; of its files those whose path holds one of `filters`, where some are given. */
export async function vitest(
  project: string,
  reportDir: string,
  env: Record<string, string> = {},
  filters: string[] = [],
): Promise<Counts> {
  const file = join(reportDir, `${project}.json`);
  const flakyFile = join(reportDir, `${project}-flaky.txt`);
  for (const old of [file, flakyFile]) rmSync(old, { force: true });
  const flakyReporter = '--reporter=./dev/stack/flaky-reporter.ts';
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, flakyReporter];
  const chosen = filters.length ? ['--passWithNoTests', ...filters] : [];
  const code = await runTool('vitest', ['run', '--project', project, ...reporters, ...chosen], {
    ...env,
    TENANTRY_FLAKY_REPORT: flakyFile,
  });
  return counted(code, vitestCounts(file, flakyFile));
}

/** Steps one after the other, their counts added and their times noted. */
export class Steps {
  readonly total: Counts = { passed: 0, failed: 0 };
  readonly #startedAt = Date.now();
  readonly #times: string[] = [];
  readonly #remarks: string[] = [];

  /** Runs one, and says whether it went well. An error is its sentence and one failure; later steps still run. */
  async run(name: string, step: () => Promise<Counts | undefined>): Promise<boolean> {
    console.log(`\n── ${name}`);
    const startedAt = Date.now();
    const counts = await step().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      return { passed: 0, failed: 1 };
    });
    const { passed, failed, failures = [], flaky = [] }: Counts = counts ?? { passed: 0, failed: 0 };
    this.#remarks.push(
      ...failures.map(test => `failed: ${test}`),
      ...flaky.map(test => `passed at the second try: ${test}`),
    );
    this.total.passed += passed;
    this.total.failed += failed;
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    this.#times.push(`${name.padEnd(32)} ${seconds.padStart(6)} s  ${failed ? `${failed} failed` : 'ok'}`);
    return failed === 0;
  }

  /** Prints the times, the tests that need a look and, as the last line, the counts; ends the process. */
  end(): never {
    console.log(`\n${this.#times.join('\n')}`);
    console.log(`all of it ${((Date.now() - this.#startedAt) / 1000).toFixed(0)} s`);
    for (const remark of this.#remarks) console.log(remark);
    console.log(`${this.total.passed} passed, ${this.total.failed} failed`);
    // The channel to the starter would keep this process alive.
    process.exit(this.total.failed ? 1 : 0);
  }
}

/** The end-to-end tests, against a stack that runs already. */
export async function playwright(reportDir: string, env: Record<string, string>): Promise<Counts> {
  const file = join(reportDir, 'e2e.json');
  rmSync(file, { force: true });
  const code = await runTool('playwright', ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  return counted(code, playwrightCounts(file));
}
