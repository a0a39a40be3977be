/** `npm test`: everything, one step after the other; the last line is `N passed, N failed`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoOptions, openDemo, startDemo } from '@/dev/stack/demo-stack';
import { checkoutDir } from '@/dev/stack/paths';
import { ensureChromium } from '@/dev/stack/services/chromium';
import { pythonVenv } from '@/dev/stack/services/python-venv';
import { sqlAnalyzer } from '@/dev/stack/services/sql-analyzer';
import { sweep, throwawayDir } from '@/dev/stack/services/throwaway';
import { check, endOnSignal, playwright, Steps, vitest } from '@/dev/stack/test-steps';

const say = (line: string) => console.log(line);
const base = join(checkoutDir, '.test');
const reports = join(base, 'reports');
const steps = new Steps();
let stopStack: () => Promise<void> = async () => {};

/** Portal, data plane and worker with throw-away state; end-to-end tests find them by the file. */
async function endToEnd(): Promise<void> {
  const dir = throwawayDir(base);
  const options: DemoOptions = { dir, file: join(dir, 'demo.json'), throwaway: true, reset: false, say };
  const up = await steps.run('build and stack', async () => {
    const stack = await openDemo(options);
    stopStack = stack.stop;
    stack.supervisor.onCrash = sentence => console.error(sentence);
    await startDemo(stack, options);
    return undefined;
  });
  if (up) {
    await steps.run('end to end', () =>
      playwright(reports, { TENANTRY_DEMO: options.file, CHROMIUM_PATH: ensureChromium(say) }),
    );
  }
  await stopStack();
}

endOnSignal(() => stopStack());

mkdirSync(reports, { recursive: true });
// Its first build on a machine takes longer than all steps before the one that needs it.
const analyzer = sqlAnalyzer(say);
analyzer.catch(() => undefined);
await steps.run('set up', async () => {
  await sweep(base, say);
  await pythonVenv(say);
  ensureChromium(say);
  return undefined;
});
await steps.run('format and lint', () => check('biome', ['check', '.']));
await steps.run('types', async () => {
  const generated = await check('next', ['typegen']);
  return generated.failed ? generated : check('tsc', ['--noEmit']);
});
for (const project of ['laws', 'unit']) await steps.run(project, () => vitest(project, reports));
await steps.run('SQL analyzer', async () => {
  await analyzer;
  return undefined;
});
await steps.run('integration', () => vitest('integration', reports, { TENANTRY_SERVICES: 'new' }));
await endToEnd();

steps.end();
