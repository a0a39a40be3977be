/** A burst of one event, or a stranger with an address, never costs a person another message. */
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { changeRole, day, later, rowsOf, start } from '@/dev/testing/messages';
import { createWorld, type World } from '@/dev/testing/world';
import { allowanceOf } from '@/lib/domains/notifications/event-rules';
import { type EventName, eventNames } from '@/lib/domains/notifications/events';
import { type NotifyInput, notify } from '@/lib/domains/notifications/notify';
import { notifications } from '@/lib/domains/notifications/tables';
import { teamMembers } from '@/lib/domains/team/tables';
import { db } from '@/lib/platform/db';
import { newUuid, randomText } from '@/lib/platform/ids';

const tell = (input: NotifyInput) => db().transaction(tx => notify(tx, input));
const invite = (world: World, email: string, index: number, at = start) =>
  tell({
    event: 'invitation',
    customerId: world.customerId,
    at,
    to: { email, userId: null },
    data: {
      member_id: `mem_${index}`,
      invited_by: 'A stranger',
      role: 'VIEWER',
      expires_at: later(86_400_000).toISOString(),
    },
  });
const failRun = (world: World, index: number, at = start) =>
  tell({
    event: 'run_failed',
    customerId: world.customerId,
    at,
    data: {
      pipeline_id: `pipeline_${index}`,
      run_id: newUuid(),
      hour: at.toISOString(),
      started_at: at.toISOString(),
      ended_at: at.toISOString(),
      error_message: null,
    },
  });
/** One message of every kind that an organization must hear of. */
const important = (world: World): NotifyInput[] => {
  const common = { customerId: world.customerId, at: start };
  const at = start.toISOString();
  const quota = { day, runs: 6, daily_limit: 6 };
  const payment = { invoice_id: 'in_1', attempt: 1, amount_cents: 4_900, currency: 'usd', reason: null };
  return [
    { ...common, event: 'quota_warning', data: quota },
    { ...common, event: 'quota_exceeded', data: quota },
    { ...common, event: 'payment_failed', data: { ...payment, runs_until: null } },
    {
      ...common,
      event: 'key_expires',
      data: { api_key_id: 'key_1', name: 'ci', expires_at: at, mark: 1, days_left: 1 },
    },
    { ...common, event: 'trial_ends', data: { trial_end_date: day, mark: 1, days_left: 1, plan: 'STARTER' } },
    { ...common, event: 'trial_ended', data: { trial_end_date: day, plan: 'STARTER' } },
  ];
};
const fromOne = (event: EventName) => allowanceOf(event)?.fromOne ?? Number.NaN;
const fromAll = allowanceOf('invitation')?.fromAll ?? Number.NaN;
const stranger = () => `many-${randomText(8)}@example.com`;

test('only what strangers can cause and what comes in bursts has a limit', () => {
  expect(eventNames.filter(name => allowanceOf(name))).toEqual([
    'run_failed',
    'config_run_failed',
    'schedule_missed',
    'credential_failing',
    'invitation',
  ]);
});

describe('invitations', () => {
  test('one organization sends an address a few in 24 hours, and again afterwards', async () => {
    const world = await createWorld();
    const email = stranger();
    for (let index = 0; index < fromOne('invitation'); index++) expect(await invite(world, email, index)).toBe(1);
    expect(await invite(world, email, 90, later(86_399_999))).toBe(0);
    expect(await invite(world, stranger(), 91)).toBe(1);
    expect(await invite(await createWorld(), email, 92)).toBe(1);
    expect(await invite(world, email, 93, later(86_400_001))).toBe(1);
  });

  test('many organizations at once do not pass what an address gets from all of them', async () => {
    const worlds = await Promise.all(Array.from({ length: 6 }, () => createWorld()));
    const email = stranger();
    const each = worlds.flatMap(world =>
      Array.from({ length: fromOne('invitation') }, (_, index) => ({ world, index })),
    );
    expect(each.length).toBeGreaterThan(fromAll);
    const queued = await Promise.all(each.map(({ world, index }) => invite(world, email, index)));
    expect(queued.reduce((sum, count) => sum + count, 0)).toBe(fromAll);
  });

  test('a stranger who has an address invited as often as allowed costs its owner no other message', async () => {
    const world = await createWorld();
    const { email } = world.members.OWNER;
    for (let organization = 0; organization < 5; organization++) {
      const sham = await createWorld();
      for (let index = 0; index < fromOne('invitation'); index++) await invite(sham, email, index);
    }
    expect(await invite(await createWorld(), email, 0)).toBe(0);
    for (const input of important(world)) expect(await tell(input), input.event).toBe(2);
    expect(await failRun(world, 1)).toBe(3);
    expect(await changeRole(world, email)).toBe(1);
  });

  test('one that was taken back before it went out does not count', async () => {
    const world = await createWorld();
    const email = stranger();
    for (let index = 0; index < fromOne('invitation'); index++) await invite(world, email, index);
    await db().update(notifications).set({ status: 'suppressed' }).where(eq(notifications.recipient, email));
    expect(await invite(world, email, 90)).toBe(1);
  });
});

describe('a day on which everything fails', () => {
  test('a person gets a bounded number of failed runs, and every message that matters more', async () => {
    const world = await createWorld();
    for (let index = 0; index < fromOne('run_failed'); index++) expect(await failRun(world, index)).toBe(3);
    expect(await failRun(world, 900)).toBe(0);
    for (const input of important(world)) expect(await tell(input), input.event).toBe(2);
    expect(await changeRole(world, world.members.OWNER.email)).toBe(1);
    const left = (await rowsOf(world)).filter(row => row.subject.startsWith('pipeline_900@') && row.userId !== null);
    expect(left.map(row => row.status)).toEqual(Array(4).fill('suppressed'));
    expect(left.map(row => row.lastError)).toContain('This address had all its messages of this kind for 24 hours.');
    expect(await failRun(world, 901, later(86_400_001))).toBe(3);
  });

  test('it silences nothing of another organization of the same person', async () => {
    const [loud, quiet] = [await createWorld(), await createWorld()];
    await db()
      .update(teamMembers)
      .set({ email: loud.members.OWNER.email })
      .where(eq(teamMembers.memberId, quiet.members.OWNER.memberId));
    for (let index = 0; index < fromOne('run_failed'); index++) await failRun(loud, index);
    expect(await failRun(loud, 900)).toBe(0);
    expect(await failRun(quiet, 1)).toBe(3);
  });
});
