import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { mailsTo } from '@/dev/testing/inbox';
import { changeRole, day, later, rowOf, rowsOf, sendAt, start, warn } from '@/dev/testing/messages';
import { createWorld } from '@/dev/testing/world';
import { channels } from '@/lib/domains/notifications/channels';
import { notify } from '@/lib/domains/notifications/notify';
import { leaseMs } from '@/lib/domains/notifications/rules';
import { setPreferences } from '@/lib/domains/team/mail-preferences';
import { teamMembers } from '@/lib/domains/team/tables';
import { addDays } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

describe('who is told', () => {
  test('owners and admins get one mail each, in HTML and plain text; the same news again sends nothing', async () => {
    const world = await createWorld({ companyName: 'Tëst & <b>Söhne</b>' });
    expect(await warn(world)).toBe(2);
    expect(await warn(world)).toBe(0);
    expect(await sendAt(world, start)).toEqual({ sent: 2, later: 0, failed: 0, suppressed: 0 });
    expect(await sendAt(world, later(1))).toEqual({ sent: 0, later: 0, failed: 0, suppressed: 0 });
    for (const role of ['OWNER', 'ADMIN'] as const) {
      const mails = await mailsTo(world.members[role].email);
      expect(mails).toHaveLength(1);
      expect(mails[0]?.subject).toBe('5 of 6 runs used today in Tëst & <b>Söhne</b>');
      expect(mails[0]?.html).toContain('Tëst &amp; &lt;b&gt;Söhne&lt;/b&gt; has used at least 80 %');
      expect(mails[0]?.text).toContain('Tëst & <b>Söhne</b> has used at least 80 %');
    }
    for (const role of ['COLLABORATOR', 'VIEWER'] as const)
      expect(await mailsTo(world.members[role].email)).toEqual([]);
  });

  test('what a transaction queued is gone with its rollback', async () => {
    const world = await createWorld();
    const failed = db().transaction(async tx => {
      await notify(tx, {
        event: 'quota_warning',
        customerId: world.customerId,
        at: start,
        data: { day, runs: 5, daily_limit: 6 },
      });
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await rowsOf(world)).toEqual([]);
  });

  test('a person who turned it off gets none; turning it off works on a queued one too', async () => {
    const world = await createWorld();
    await setPreferences(world.as('ADMIN'), { mail: ['run_failed'] });
    expect(await warn(world)).toBe(1);
    expect(await rowOf(world, world.members.ADMIN.email)).toMatchObject({ status: 'suppressed', attempts: 0 });
    await setPreferences(world.as('OWNER'), { mail: [] });
    expect(await sendAt(world, start)).toMatchObject({ sent: 0, suppressed: 1 });
    expect(await rowOf(world, world.members.OWNER.email)).toMatchObject({
      status: 'suppressed',
      lastError: 'The person has turned this off.',
    });
    expect(await mailsTo(world.members.OWNER.email)).toEqual([]);
  });

  test('a viewer who turned it on gets it', async () => {
    const world = await createWorld();
    await setPreferences(world.as('VIEWER'), { mail: ['quota_warning'] });
    expect(await warn(world)).toBe(3);
    await sendAt(world, start);
    expect(await mailsTo(world.members.VIEWER.email)).toHaveLength(1);
  });

  test('a member removed before the mail went out gets none', async () => {
    const world = await createWorld();
    await warn(world);
    const { memberId, email } = world.members.ADMIN;
    await db().update(teamMembers).set({ status: 'REMOVED' }).where(eq(teamMembers.memberId, memberId));
    expect(await sendAt(world, start)).toMatchObject({ sent: 1, suppressed: 1 });
    expect(await mailsTo(email)).toEqual([]);
  });

  test('news that has become useless is not sent', async () => {
    const world = await createWorld();
    await warn(world);
    const nextDay = new Date(`${addDays(day, 1)}T00:00:00Z`);
    expect(await sendAt(world, nextDay)).toMatchObject({ sent: 0, suppressed: 2 });
  });
});

describe('exactly once', () => {
  test('8 senders at once over 40 messages send each one once', async () => {
    const world = await createWorld();
    const tag = randomText(8);
    const people = Array.from({ length: 40 }, (_, index) => `once-${tag}-${index}@example.com`);
    for (const email of people) await changeRole(world, email);
    const reports = await Promise.all(Array.from({ length: 8 }, () => sendAt(world, start)));
    expect(reports.reduce((sum, report) => sum + report.sent, 0)).toBe(40);
    for (const email of people) expect(await mailsTo(email)).toHaveLength(1);
  });

  test('50 transactions with the same news at once queue it once a person', async () => {
    const world = await createWorld();
    const counts = await Promise.all(Array.from({ length: 50 }, () => warn(world)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  test('a sender that dies after sending and before writing it down: the next one repeats the key, one mail arrives', async () => {
    const world = await createWorld();
    const email = `crash-${randomText(8)}@example.com`;
    await changeRole(world, email);
    let wake: () => void = () => {};
    const dead = new Promise<void>(resolve => {
      wake = resolve;
    });
    let handedOver: () => void = () => {};
    const sent = new Promise<void>(resolve => {
      handedOver = resolve;
    });
    const dying = sendAt(world, start, async message => {
      await channels.mail(message);
      handedOver();
      await dead;
      return { outcome: 'refused', error: 'a ghost speaks' };
    });
    await sent;
    expect(await sendAt(world, later(leaseMs - 1))).toMatchObject({ sent: 0 });
    expect(await sendAt(world, later(leaseMs))).toMatchObject({ sent: 1 });
    expect(await mailsTo(email)).toHaveLength(1);
    wake();
    await dying;
    expect(await rowOf(world, email)).toMatchObject({ status: 'sent', attempts: 2, lastError: null });
  });
});
