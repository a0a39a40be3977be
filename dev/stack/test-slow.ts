/** `npm run test:slow`: kills, outages, drains and the doubles' contracts; paths given choose files. The last line is `N passed, N failed`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from '@/dev/stack/paths';
import { pythonVenv } from '@/dev/stack/services/python-venv';
import { ensureRedis } from '@/dev/stack/services/redis';
import { sqlAnalyzer } from '@/dev/stack/services/sql-analyzer';
import { sweep } from '@/dev/stack/services/throwaway';
import { endOnSignal, Steps, vitest } from '@/dev/stack/test-steps';

const say = (line: string) => console.log(line);
const base = join(checkoutDir, '.test');
const reports = join(base, 'reports');
const steps = new Steps();
endOnSignal();

mkdirSync(reports, { recursive: true });
await steps.run('set up', async () => {
  await sweep(base, say);
  await pythonVenv(say);
  await sqlAnalyzer(say);
  ensureRedis(say);
  return undefined;
});
await steps.run('slow', () => vitest('slow', reports, { TENANTRY_SERVICES: 'new' }, process.argv.slice(2)));
steps.end();
