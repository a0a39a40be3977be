/**
 * `npm run prove -- mirror-scale [--only 20,200,2000,idle,real]`: a day of the mirror by simulation and a minute of the real relay,
 * against a warehouse that keeps the service's times and limits. All of them together write docs/scale.md. Needs running services.
 */
import { parseArgs } from 'node:util';
import { benchDatabase, runningServices } from '@/dev/bench/database';
import type { Load } from '@/dev/prove/mirror-scale/arrivals';
import { realRelay } from '@/dev/prove/mirror-scale/real-relay';
import {
  checkDay,
  checkReal,
  dayHead,
  dayLine,
  type Promised,
  realLine,
  writePage,
} from '@/dev/prove/mirror-scale/report';
import { simulateDay } from '@/dev/prove/mirror-scale/simulate';
import { allHeld, say } from '@/dev/prove/report';
import { closeDb } from '@/lib/platform/db';
import { mirrorLimits } from '@/lib/warehouse/mirror/schedule/limits';

const { values } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
const wanted = (name: string) => values.only === undefined || values.only.split(',').includes(name);

const busy = { runsPerDay: [12, 36, 96], stepsPerRun: 10, checksPerStep: 3, stepMs: 90_000, changesPerDay: 5 };
const scenarios: { key: string; name: string; load: Load; promised: Promised }[] = [
  { key: '20', name: '20 tenants', load: { ...busy, tenants: 20 }, promised: { p95Ms: 5_000 } },
  { key: '200', name: '200 tenants', load: { ...busy, tenants: 200 }, promised: { p95Ms: 300_000, usdPerTenant: 2 } },
  {
    key: '2000',
    name: '2,000 tenants',
    load: { ...busy, tenants: 2_000 },
    promised: { p95Ms: 300_000, usdPerTenant: 2 },
  },
  {
    key: 'idle',
    name: '2,000 tenants, all idle',
    load: { ...busy, tenants: 2_000, runsPerDay: [0], changesPerDay: 0 },
    promised: { costsNothing: true },
  },
];

const services = await runningServices();
const database = await benchDatabase(services.env.DATABASE_URL ?? '');
Object.assign(process.env, services.env, { DATABASE_URL: database.url, LOG_LEVEL: 'error' });
const days: string[] = [];
let real = '';
try {
  for (const { name, load, promised } of scenarios.filter(scenario => wanted(scenario.key))) {
    console.log(`A day of ${name}`);
    const figures = await simulateDay(name, load, mirrorLimits());
    days.push(dayLine(figures, load));
    say(`simulated in ${Math.round(figures.tookSeconds)} s, ${figures.commits.toLocaleString('en-US')} commits`);
    say(days.at(-1) ?? '');
    checkDay(figures, load, promised);
  }
  if (wanted('real')) {
    console.log('A minute of the real relay');
    const figures = await realRelay();
    real = realLine(figures);
    checkReal(figures);
  }
} finally {
  await closeDb();
  await database.drop();
}
console.log(`\n${[dayHead, ...days].join('\n')}\n\n${real}\n`);
if (values.only === undefined) writePage(days, real);
console.log(allHeld() ? 'Everything held.' : 'Something was broken.');
process.exitCode = allHeld() ? 0 : 1;
