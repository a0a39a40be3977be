import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { changeRole, rowsOf } from '@/dev/testing/messages';
import { createWorld } from '@/dev/testing/world';
import {
  forgetNotificationsJob,
  keptDays,
  notifyKeyExpiryJob,
  notifyTrialEndsJob,
} from '@/lib/domains/notifications/jobs';
import { notifications } from '@/lib/domains/notifications/tables';
import { registerAllJobs } from '@/lib/edge/worker/jobs';
import { jobs } from '@/lib/kernel/jobs';
import { db } from '@/lib/platform/db';

test('the worker knows the jobs with their schedules', () => {
  registerAllJobs();
  for (const job of [notifyKeyExpiryJob, notifyTrialEndsJob, forgetNotificationsJob]) {
    expect(jobs().get(job.name)).toBe(job);
    expect(job.schedule).toMatch(/^\d+ \S+ \* \* \*$/);
  }
});

test('messages that are out are forgotten after 90 days and not before; waiting ones never', async () => {
  const world = await createWorld();
  const day = 86_400_000;
  const ages = { 'old@example.com': keptDays + 1, 'new@example.com': keptDays - 1, 'waits@example.com': 400 };
  for (const [email, days] of Object.entries(ages)) {
    await changeRole(world, email);
    const columns = { createdAt: new Date(Date.now() - days * day) };
    const status = email.startsWith('waits') ? ('queued' as const) : ('sent' as const);
    const [row] = (await rowsOf(world)).filter(item => item.recipient === email);
    await db()
      .update(notifications)
      .set({ ...columns, status })
      .where(eq(notifications.notificationId, row?.notificationId ?? ''));
  }
  await forgetNotificationsJob.run(world.system);
  const left = (await rowsOf(world)).map(row => row.recipient).sort();
  expect(left).toEqual(['new@example.com', 'waits@example.com']);
});
