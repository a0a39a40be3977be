import { and, eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { mailsTo } from '@/dev/testing/inbox';
import { changeRole, later, rowOf, sendAt, start } from '@/dev/testing/messages';
import { createWorld, type World } from '@/dev/testing/world';
import type { Channel } from '@/lib/domains/notifications/channel';
import { notify, sealSecret, withdraw } from '@/lib/domains/notifications/notify';
import { retryNotification } from '@/lib/domains/notifications/outbox';
import { notifications } from '@/lib/domains/notifications/tables';
import { teamMembers } from '@/lib/domains/team/tables';
import { db, pool } from '@/lib/platform/db';
import { newId, randomText } from '@/lib/platform/ids';
import { Secret } from '@/lib/platform/log';

describe('secrets', () => {
  const invite = async (world: World, email: string, token: string) => {
    const { customerId } = world;
    const [secret, memberId, ends] = [
      await sealSecret(customerId, new Secret(token)),
      newId('mem'),
      later(7 * 86_400_000),
    ];
    const member = {
      memberId,
      customerId,
      email,
      role: 'VIEWER',
      status: 'INVITED',
      invitationExpiresAt: ends,
    } as const;
    await db().insert(teamMembers).values(member);
    const data = {
      member_id: memberId,
      invited_by: 'Olivia Owner',
      role: 'VIEWER' as const,
      expires_at: ends.toISOString(),
    };
    const to = { email: email.toUpperCase(), userId: null };
    await db().transaction(tx => notify(tx, { event: 'invitation', customerId, at: start, to, secret, data }));
    return memberId;
  };
  const noAnswer: Channel = async () => ({ outcome: 'refused', error: 'no such mailbox' });

  test('an invitation’s token is in its mail, never in Postgres, and wiped once the mail is out', async () => {
    const world = await createWorld();
    const email = `guest-${randomText(8)}@example.com`;
    const token = randomText(32);
    await invite(world, email, token);
    const { rows } = await pool().query<{ row: string }>(
      'SELECT n::text AS row FROM notifications n WHERE customer_id = $1',
      [world.customerId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(token);
    expect(rows[0]?.row).not.toContain(Buffer.from(token).toString('hex'));
    await sendAt(world, start);
    const [mail] = await mailsTo(email);
    expect(mail?.html).toContain(`/invitations/${token}"`);
    expect(mail?.text).toContain(`/invitations/${token}`);
    expect((await rowOf(world, email)).sealedSecret).toBeNull();
  });

  test('a withdrawn invitation sends nothing', async () => {
    const world = await createWorld();
    const email = `guest-${randomText(8)}@example.com`;
    await invite(world, email, randomText(32));
    const scope = { customerId: world.customerId, event: 'invitation', recipient: email } as const;
    expect(await db().transaction(tx => withdraw(tx, scope))).toBe(1);
    await sendAt(world, start);
    expect(await mailsTo(email)).toEqual([]);
  });

  test('one that was given up and then withdrawn has lost its secret and is never sent again', async () => {
    const world = await createWorld();
    const email = `guest-${randomText(8)}@example.com`;
    await invite(world, email, randomText(32));
    expect(await sendAt(world, start, noAnswer)).toMatchObject({ failed: 1 });
    const { notificationId, sealedSecret } = await rowOf(world, email);
    expect(sealedSecret).not.toBeNull();
    const scope = { customerId: world.customerId, event: 'invitation', recipient: email } as const;
    expect(await db().transaction(tx => withdraw(tx, scope))).toBe(1);
    expect(await rowOf(world, email)).toMatchObject({ status: 'suppressed', sealedSecret: null });
    const again = retryNotification(world.system, { notification_id: notificationId });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  test.each([
    ['accepted meanwhile', { status: 'ACTIVE' as const }],
    ['cancelled meanwhile', { status: 'REMOVED' as const }],
    ['sent again with a new link meanwhile', { invitationExpiresAt: later(8 * 86_400_000) }],
  ])('an invitation that was %s is not mailed on a retry: its link leads nowhere', async (_, columns) => {
    const world = await createWorld();
    const email = `guest-${randomText(8)}@example.com`;
    const memberId = await invite(world, email, randomText(32));
    await sendAt(world, start, noAnswer);
    await db().update(teamMembers).set(columns).where(eq(teamMembers.memberId, memberId));
    const { notificationId } = await rowOf(world, email);
    await retryNotification({ ...world.system, clock: () => later(1) }, { notification_id: notificationId });
    expect(await sendAt(world, later(1))).toMatchObject({ sent: 0, suppressed: 1 });
    expect(await mailsTo(email)).toEqual([]);
    expect(await rowOf(world, email)).toMatchObject({ lastError: 'The invitation has ended.', sealedSecret: null });
  });

  test('a secret moved to another message does not open, and that message is not sent', async () => {
    const world = await createWorld();
    const [one, two] = [`one-${randomText(8)}@example.com`, `two-${randomText(8)}@example.com`];
    await invite(world, one, randomText(32));
    await changeRole(world, two);
    const { sealedSecret } = await rowOf(world, one);
    await db()
      .update(notifications)
      .set({ sealedSecret })
      .where(and(eq(notifications.customerId, world.customerId), eq(notifications.recipient, two)));
    expect(await sendAt(world, start)).toMatchObject({ sent: 1, later: 1 });
    expect(await mailsTo(two)).toEqual([]);
  });
});
