/** `npm run prove [-- load]`: shows under load what the product promises, on the running local services and a database of its own. */
import { parseArgs } from 'node:util';
import { startChild } from '@/dev/bench/children';
import { benchDatabase, runningServices } from '@/dev/bench/database';
import { hostileBodies } from '@/dev/prove/hostile-bodies';
import { exactGrants, killedWorkers, loweredLimit, oneIdempotencyKey } from '@/dev/prove/quota';
import { allHeld } from '@/dev/prove/report';
import { revokedInFlight } from '@/dev/prove/revocation';
import { closeDb } from '@/lib/platform/db';

const { values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '20' }, planes: { type: 'string', default: '4' } },
});

const services = await runningServices();
const database = await benchDatabase(services.env.DATABASE_URL ?? '');
Object.assign(process.env, services.env, { DATABASE_URL: database.url, LOG_LEVEL: 'error' });
const children = await Promise.all(
  Array.from({ length: Number(values.planes) }, () => startChild('lib/edge/v1/main.ts', {})),
);
const planes = children.map(child => child.url);
try {
  console.log(`10,000 starts at once over ${planes.length} processes against a limit of 1,000`);
  await exactGrants(planes, 10_000, 1_000, Number(values.rounds));
  console.log('A limit lowered while starts are in flight');
  await loweredLimit(planes);
  console.log('200 workers killed while they hold a run');
  await killedWorkers(planes[0] as string, 200);
  console.log('One Idempotency-Key 50 times at once');
  await oneIdempotencyKey(planes, 50);
  console.log('A key revoked with 1,000 checks in flight');
  await revokedInFlight(planes, 1_000);
  console.log('Bodies made to be slow, ten a second, beside other callers');
  await hostileBodies(planes[0] as string);
} finally {
  await Promise.all(children.map(child => child.stop()));
  await closeDb();
  await database.drop();
}
console.log(allHeld() ? 'Everything held.' : 'Something was broken.');
process.exitCode = allHeld() ? 0 : 1;
