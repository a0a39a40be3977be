/** The steps of `npm test`: each runs a tool, says how long it took, and counts what passed and failed. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir, nodeBinary } from '@/dev/stack/paths';

export type Counts = { passed: number; failed: number };

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
  return new Promise((resolve, reject) => child.once('exit', code => resolve(code ?? 1)).once('error', reject));
}

/** A check without tests of its own: counts only as one failure. */
export async function check(tool: keyof typeof tools, args: string[]): Promise<Counts> {
  return { passed: 0, failed: (await runTool(tool, args)) === 0 ? 0 : 1 };
}

/** What a tool's report says; a tool that failed without a failed test (it crashed, a file did not load) is one failure. */
function counted(code: number, passed: number, failed: number): Counts {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function readReport<Report>(file: string): Report | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
}

/** One vitest project. */
export async function vitest(project: string, reportDir: string, env: Record<string, string> = {}): Promise<Counts> {
  const file = join(reportDir, `${project}.json`);
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runTool('vitest', ['run', '--project', project, ...reporters], env);
  const report = readReport<{ numPassedTests: number; numFailedTests: number }>(file);
  return counted(code, report?.numPassedTests ?? 0, report?.numFailedTests ?? 0);
}

/** The end-to-end tests, against a stack that runs already. */
export async function playwright(reportDir: string, env: Record<string, string>): Promise<Counts> {
  const file = join(reportDir, 'e2e.json');
  rmSync(file, { force: true });
  const code = await runTool('playwright', ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'], {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  const stats = readReport<{ stats: { expected: number; unexpected: number; flaky: number } }>(file)?.stats;
  return counted(code, (stats?.expected ?? 0) + (stats?.flaky ?? 0), stats?.unexpected ?? 0);
}
