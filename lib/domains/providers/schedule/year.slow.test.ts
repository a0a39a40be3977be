/** A year of schedules in zones whose clocks are set, by a driven clock: what is made is held against the zones' own clocks. */
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld } from '@/dev/testing/world';
import { makeDueRuns } from '@/lib/domains/providers/schedule/make-runs';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { db } from '@/lib/platform/db';

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const dayMs = 86_400_000;
/** A year that every machine's zone data knows alike. */
const from = new Date('2025-01-01T00:00:00Z');
const to = new Date('2026-01-01T00:00:00Z');
/** Nobody works from the first to the second. */
const outage = [new Date('2025-06-10T01:20:00Z'), new Date('2025-06-13T01:20:00Z')] as const;

const daily = ['30 2 * * *', '45 1 * * *'];
/** Each hour of the months in which the clocks are set; of the whole year it would only take longer. */
const hourly = '0 * * 3,4,10 *';
const zones: Record<string, string[]> = {
  'Europe/Berlin': [...daily, hourly],
  'America/New_York': daily,
  'Australia/Lord_Howe': [...daily, hourly],
  'Asia/Kathmandu': daily,
  'Pacific/Chatham': daily,
  'America/St_Johns': daily,
  'Africa/Casablanca': daily,
};

/** What the zone's clock shows in each quarter of an hour of the year and a day around it, as day and minute of the day. */
function readings(zone: string): { at: number; day: string; minute: number }[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const found = [];
  for (let at = from.getTime() - dayMs; at < to.getTime() + dayMs; at += quarterMs) {
    const [day = '', time = ''] = format.format(at).split(' ');
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    found.push({ at, day, minute: hour * 60 + minute });
  }
  return found;
}

/** When the schedule must run, read off the clock: each full hour that it shows in those months, or once a day, late where the clock skips the time. */
function expectedOf(zone: string, cron: string): number[] {
  const shown = readings(zone);
  const inYear = (at: number) => at > from.getTime() && at < to.getTime();
  if (cron === hourly) {
    const isHour = (minute: number, day: string) => minute % 60 === 0 && /-(03|04|10)-/.test(day);
    return shown.filter(({ at, day, minute }) => isHour(minute, day) && inYear(at)).map(({ at }) => at);
  }
  const [minute = 0, hour = 0] = cron.split(' ').map(Number);
  const wanted = hour * 60 + minute;
  const days = Map.groupBy(shown, ({ day }) => day);
  return [...days.values()]
    .map(day => {
      const exact = day.find(reading => reading.minute === wanted);
      const before = day.findLast(reading => reading.minute < wanted);
      return exact?.at ?? (before ? before.at + (wanted - before.minute) * minuteMs : 0);
    })
    .filter(inYear);
}

/** Of what the outage hid the last time is caught up, once it is over. */
function withOutage(ticks: number[]): number[] {
  const [begin, end] = outage.map(Number) as [number, number];
  const hidden = ticks.filter(at => at >= begin && at < end);
  return [...ticks.filter(at => at < begin), ...hidden.slice(-1), ...ticks.filter(at => at >= end)];
}

test('in a year of seven zones each time of each schedule makes one run, and three days away are caught up by one', async () => {
  const world = await createWorld();
  const configs = [];
  for (const [zone, crons] of Object.entries(zones)) {
    for (const cron of crons) {
      configs.push(await insertConfig(world, { scheduleCron: cron, scheduleTimezone: zone }, from));
    }
  }
  const scope = { customers: [world.customerId] };
  let rounds = 0;
  for (let now = from; now < to; rounds++) {
    const due = await db().execute<{ next: Date }>(
      sql`SELECT min(next_run_at) AS next FROM provider_configs WHERE customer_id = ${world.customerId}`,
    );
    // Now and then everybody is away for some minutes, as when the workers are started anew.
    const lateMs = (rounds % 50 === 0 ? 12 : 0) * minuteMs + (rounds % 7) * 137;
    now = new Date(Number(new Date(due.rows[0]?.next ?? to)) + lateMs);
    if (now >= outage[0] && now < outage[1]) now = outage[1];
    if (now >= to) break;
    const clock = () => now;
    await Promise.all([makeDueRuns({ ...scope, clock }), makeDueRuns({ ...scope, clock })]);
    // Nobody claims here, and only so many may wait.
    if (rounds % 100 === 0) await db().execute(giveUp(world.customerId));
  }
  const rows = await db().execute<{ config_id: string; ticks: string[] }>(sql`
    SELECT config_id, json_agg(scheduled_for ORDER BY scheduled_for) AS ticks FROM runs
    WHERE customer_id = ${world.customerId} GROUP BY config_id`);
  const made = new Map(rows.rows.map(row => [row.config_id, row.ticks.map(tick => Date.parse(tick))]));
  const lines = configs.map(({ configId, scheduleCron, scheduleTimezone }) => {
    const found = made.get(configId) ?? [];
    const wanted = expectedOf(scheduleTimezone, String(scheduleCron));
    const expected = withOutage(wanted);
    const twice = found.length - new Set(found).size;
    expect(found, `${scheduleCron} ${scheduleTimezone}`).toEqual(expected);
    const counts = [wanted.length, wanted.length - expected.length, found.length, twice];
    return [
      scheduleTimezone.padEnd(20),
      String(scheduleCron).padEnd(14),
      ...counts.map(n => String(n).padStart(7)),
    ].join(' ');
  });
  const head = 'zone                 schedule         times  missed    runs   twice';
  console.log(`${rounds} rounds of two workers\n${[head, ...lines].join('\n')}`);
  const left = await db()
    .select()
    .from(providerConfigs)
    .where(sql`customer_id = ${world.customerId} AND next_run_at < ${to.toISOString()}::timestamptz`);
  expect(left).toEqual([]);
}, 600_000);

const giveUp = (customerId: string) => sql`
  UPDATE runs SET status = 'CANCELLED', cancel_requested_at = created_at WHERE customer_id = ${customerId} AND status = 'PENDING'`;
