/** `npm test`: everything, one step after the other; the last line is `N passed, N failed`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoOptions, openDemo, startDemo } from '@/dev/stack/demo-stack';
import { checkoutDir } from '@/dev/stack/paths';
import { ensureChromium } from '@/dev/stack/services/chromium';
import { pythonVenv } from '@/dev/stack/services/python-venv';
import { sweep, throwawayDir } from '@/dev/stack/services/throwaway';
import { type Counts, check, playwright, vitest } from '@/dev/stack/test-steps';

const say = (line: string) => console.log(line);
const base = join(checkoutDir, '.test');
const reports = join(base, 'reports');
const total: Counts = { passed: 0, failed: 0 };
const times: string[] = [];
let stopStack: () => Promise<void> = async () => {};

/** Runs a step, adds its counts and notes its time. An error is its sentence and one failure; later steps still run. */
async function step(name: string, run: () => Promise<Counts | undefined>): Promise<boolean> {
  say(`\n── ${name}`);
  const startedAt = Date.now();
  let counts: Counts;
  try {
    counts = (await run()) ?? { passed: 0, failed: 0 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    counts = { passed: 0, failed: 1 };
  }
  total.passed += counts.passed;
  total.failed += counts.failed;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  times.push(`${name.padEnd(24)} ${seconds.padStart(6)} s  ${counts.failed ? `${counts.failed} failed` : 'ok'}`);
  return counts.failed === 0;
}

/** Portal, data plane and worker with throw-away state; end-to-end tests find them by the file. */
async function endToEnd(): Promise<void> {
  const dir = throwawayDir(base);
  const options: DemoOptions = { dir, file: join(dir, 'demo.json'), throwaway: true, reset: false, say };
  const up = await step('build and stack', async () => {
    const stack = await openDemo(options);
    stopStack = stack.stop;
    stack.supervisor.onCrash = sentence => console.error(sentence);
    await startDemo(stack, options);
    return undefined;
  });
  if (up) {
    await step('end to end', () =>
      playwright(reports, { TENANTRY_DEMO: options.file, CHROMIUM_PATH: ensureChromium(say) }),
    );
  }
  await stopStack();
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => void stopStack().finally(() => process.exit(1)));
}
if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const startedAt = Date.now();
mkdirSync(reports, { recursive: true });
await step('set up', async () => {
  await sweep(base, say);
  await pythonVenv(say);
  ensureChromium(say);
  return undefined;
});
await step('format and lint', () => check('biome', ['check', '.']));
await step('types', async () => {
  const generated = await check('next', ['typegen']);
  return generated.failed ? generated : check('tsc', ['--noEmit']);
});
for (const project of ['laws', 'unit']) await step(project, () => vitest(project, reports));
await step('integration', () => vitest('integration', reports, { TENANTRY_SERVICES: 'new' }));
await endToEnd();

say(`\n${times.join('\n')}`);
say(`all of it ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
console.log(`${total.passed} passed, ${total.failed} failed`);
// The channel to the starter would keep this process alive.
process.exit(total.failed ? 1 : 0);
