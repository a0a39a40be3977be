/** Jobs of notifications. */
import { and, lt, ne } from 'drizzle-orm';
import { notifyKeyExpiry, notifyTrialEnds } from '@/lib/domains/notifications/deadlines';
import { reviewFailures } from '@/lib/domains/notifications/failure-review';
import { notifications, runFailures, scheduleMisses } from '@/lib/domains/notifications/tables';
import { defineJob } from '@/lib/kernel/jobs';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;
/** How long messages stay on record once they are out or given up. */
export const keptDays = 90;
const failuresKeptDays = 7;
/** Longer than the week in which one is told. */
const missesKeptDays = 21;

export const notifyKeyExpiryJob = defineJob({
  name: 'notification.tell_key_expiry',
  // Each hour, so that the message of the last day comes a day ahead and not an hour.
  schedule: '7 * * * *',
  description: 'Tells owners and admins 14, 7 and 1 days before an API key without a replacement expires.',
  run: async ctx => ({ ...(await notifyKeyExpiry({ clock: ctx.clock })) }),
});

export const notifyTrialEndsJob = defineJob({
  name: 'notification.tell_trial_ends',
  // By daylight in Europe and America; the later rounds find nothing unless the first one failed.
  schedule: '12 8,12,16 * * *',
  description: 'Tells owners and admins 7, 3 and 1 days before the trial ends.',
  run: async ctx => ({ ...(await notifyTrialEnds({ clock: ctx.clock })) }),
});

export const reviewFailuresJob = defineJob({
  name: 'notification.review_failures',
  // Tuesday's round finds everything told, unless Monday's failed.
  schedule: '30 6 * * 1,2',
  description: 'Groups last week’s failed runs by kind of error, and mails each customer’s own to those who chose it.',
  run: async ctx => ({ ...(await reviewFailures({ clock: ctx.clock })) }),
});

export const forgetNotificationsJob = defineJob({
  name: 'notification.forget',
  schedule: '23 3 * * *',
  description: `Deletes messages older than ${keptDays} days that are not waiting, and notes of failed runs and missed schedules after ${failuresKeptDays} and ${missesKeptDays} days.`,
  run: async ctx => {
    const before = (days: number) => new Date(ctx.clock().getTime() - days * dayMs);
    const gone = await db()
      .delete(notifications)
      .where(and(ne(notifications.status, 'queued'), lt(notifications.createdAt, before(keptDays))));
    const notes = await db()
      .delete(runFailures)
      .where(lt(runFailures.hour, before(failuresKeptDays)));
    const misses = await db()
      .delete(scheduleMisses)
      .where(lt(scheduleMisses.scheduledFor, before(missesKeptDays)));
    return { messages: gone.rowCount ?? 0, notes: (notes.rowCount ?? 0) + (misses.rowCount ?? 0) };
  },
});
