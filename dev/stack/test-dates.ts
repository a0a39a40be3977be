/**
 * `npm run test:dates`: laws, unit and integration with the clock of the whole stack on other days; each project begins at
 * the instant named. `-- --only 2028-02-29T12:00:00Z` runs one day, paths after it choose files. The last line is `N passed, N failed`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutDir } from '@/dev/stack/paths';
import { clockFrom, ensureFaketime } from '@/dev/stack/services/faketime';
import { pythonVenv } from '@/dev/stack/services/python-venv';
import { ensureRedis } from '@/dev/stack/services/redis';
import { sqlAnalyzer } from '@/dev/stack/services/sql-analyzer';
import { sweep } from '@/dev/stack/services/throwaway';
import { endOnSignal, Steps, vitest } from '@/dev/stack/test-steps';

/** Over the end of a year and of February in the first minutes, on a leap day, and a good year on. */
const instants = [
  '2026-12-31T23:59:30Z',
  '2027-02-28T23:58:00Z',
  '2028-02-29T12:00:00Z',
  new Date(Date.now() + 400 * 86_400_000).toISOString(),
];

const say = (line: string) => console.log(line);
const base = join(checkoutDir, '.test');
const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
const chosen = values.only ? [values.only] : instants;
const unknown = chosen.find(instant => Number.isNaN(Date.parse(instant)));
if (unknown) {
  console.error(`--only ${unknown}: give an instant such as ${instants[0]}.`);
  process.exit(2);
}

const steps = new Steps();
endOnSignal();
let preload = '';
const ready = await steps.run('set up', async () => {
  await sweep(base, say);
  await pythonVenv(say);
  await sqlAnalyzer(say);
  ensureRedis(say);
  preload = ensureFaketime(say);
  return undefined;
});
for (const instant of ready ? chosen : []) {
  const reports = join(base, 'reports', instant.slice(0, 10));
  mkdirSync(reports, { recursive: true });
  for (const project of ['laws', 'unit', 'integration']) {
    await steps.run(`${instant.slice(0, 16)} ${project}`, () =>
      vitest(project, reports, { TENANTRY_SERVICES: 'new', ...clockFrom(new Date(instant), preload) }, positionals),
    );
  }
}
steps.end();
