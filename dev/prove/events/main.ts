/**
 * `npm run prove -- events [kills|outage|volume]`: what the door, the log, the spool and the loader promise, on services of their
 * own in `.local/events-…`. kills: `--times N --within MINUTES`; outage: `--minutes N`; volume: `--events N --tables N`.
 */
import { parseArgs } from 'node:util';
import { createCustomers } from '@/dev/bench/fixtures';
import { Hours } from '@/dev/prove/events/hours';
import { exactlyOnce, kills } from '@/dev/prove/events/kills';
import { outage } from '@/dev/prove/events/outage';
import { Sender } from '@/dev/prove/events/sender';
import { Stand } from '@/dev/prove/events/stand';
import { volume } from '@/dev/prove/events/volume';
import { allHeld } from '@/dev/prove/report';
import { createSource } from '@/lib/domains/events/sources/commands';
import { setEventLimit } from '@/lib/domains/events/volume/set-limit';
import { systemCtx } from '@/lib/kernel/ctx';
import { closeDb } from '@/lib/platform/db';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '100' },
    within: { type: 'string', default: '120' },
    minutes: { type: 'string', default: '10' },
    events: { type: 'string', default: '10000000' },
    tables: { type: 'string', default: '500' },
  },
});
const [, which] = positionals;
const wanted = (name: string) => which === undefined || which === name;
const names = (count: number) => Array.from({ length: count }, (_, index) => `Event ${index}`);
const eventsPerSecond = 500;
const eventsOfMonth = 1_000_000_000;

/** A source of a customer whose month takes more than any proof sends. */
async function source(name: string): Promise<{ writeKey: string; dataset: string }> {
  const [customer] = await createCustomers(1);
  if (!customer) throw new Error('no customer was made');
  const ctx = systemCtx('prove', customer);
  await setEventLimit(ctx, { max_events_per_month: eventsOfMonth });
  const { result } = await createSource(ctx, { name, requests_per_second: 10_000 });
  return { writeKey: result.write_keys[0]?.write_key ?? '', dataset: result.dataset };
}

const hours = wanted('volume') ? new Hours(console.log) : undefined;
const stand = await Stand.start(`events-${which ?? 'all'}`, {
  ...hours?.env,
  INGEST_LOG_KEEP_HOURS: '0',
  // With hundreds of tables what is loaded each few seconds is all jobs and no rows.
  LOAD_INTERVAL_SECONDS: hours ? '60' : '2',
  // The events of a month within minutes: by a day's jobs they would be loaded for hours. The budget has a proof of its own.
  ...(hours && { LOAD_JOBS_PER_DAY: '5000000' }),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => stand.stop().finally(() => process.exit(1)));
try {
  const sender = (made: { writeKey: string }, options: { eventsPerSecond: number; batch: number; tables: number }) =>
    new Sender({ url: stand.dataPlane, writeKey: made.writeKey, ...options, eventNames: names(options.tables) });
  if (wanted('kills')) {
    console.log(`Parts killed with -9 ${values.times} times under ${eventsPerSecond} events/s`);
    const made = await source('Kills');
    const sending = sender(made, { eventsPerSecond, batch: 10, tables: 5 });
    await kills(stand, sending, Number(values.times), Number(values.within) * 60_000);
    await exactlyOnce(sending, made.dataset);
  }
  if (wanted('outage')) {
    console.log(`BigQuery gone for ${values.minutes} minutes under ${eventsPerSecond} events/s`);
    const made = await source('Outage');
    const sending = sender(made, { eventsPerSecond, batch: 10, tables: 5 });
    await outage(stand, sending, Number(values.minutes));
    await exactlyOnce(sending, made.dataset);
  }
  if (hours) {
    console.log(`${values.events} events over ${values.tables} tables`);
    const made = await source('Volume');
    const sending = sender(made, { eventsPerSecond: 1_000_000, batch: 500, tables: Number(values.tables) });
    await volume(stand, sending, Number(values.events), hours);
    await exactlyOnce(sending, made.dataset);
  }
} finally {
  await closeDb();
  await stand.stop();
}
console.log(allHeld() ? 'Everything held.' : 'Something was broken.');
process.exit(allHeld() ? 0 : 1);
