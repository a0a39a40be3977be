import { and, eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { notify, sealSecret, withdraw } from '@/lib/domains/notifications/notify';
import { notifications } from '@/lib/domains/notifications/tables';
import { db, pool } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { Secret } from '@/lib/platform/log';
import { mailsTo } from '@/lib/testing/inbox';
import { changeRole, later, rowOf, sendAt, start } from '@/lib/testing/messages';
import { createWorld, type World } from '@/lib/testing/world';

describe('secrets', () => {
  const invite = async (world: World, email: string, token: string) => {
    const secret = await sealSecret(world.customerId, new Secret(token));
    await db().transaction(tx =>
      notify(tx, {
        event: 'invitation',
        customerId: world.customerId,
        at: start,
        to: { email: email.toUpperCase(), userId: null },
        secret,
        data: {
          member_id: 'mem_1',
          invited_by: 'Olivia Owner',
          role: 'VIEWER',
          expires_at: later(7 * 86_400_000).toISOString(),
        },
      }),
    );
  };

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
