/**
 * Jobs that end subscriptions in time, and with their organizations.
 * Source: docs/architecture.md, Status, Ending an organization.
 */
import { followDeadlines } from '@/lib/domains/subscriptions/standing/deadlines';
import { followDeletions } from '@/lib/domains/subscriptions/stripe/renewal';
import { defineJob } from '@/lib/kernel/jobs';

export const followDeadlinesJob = defineJob({
  name: 'subscription.follow_deadlines',
  schedule: '*/5 * * * *',
  description: 'Ends trials after their last day, and subscriptions that are unpaid for seven days.',
  run: async ctx => {
    const report = await followDeadlines({ clock: ctx.clock });
    if (report.failed.length > 0)
      throw new Error(`${report.failed.length} subscriptions were not ended: ${report.failed.slice(0, 20).join(', ')}`);
    return report;
  },
});

export const followDeletionsJob = defineJob({
  name: 'subscription.follow_deletions',
  schedule: '*/5 * * * *',
  description:
    'Lets subscriptions of organizations that are to be deleted end with their period, and renew once restored.',
  run: async ctx => {
    const report = await followDeletions({ clock: ctx.clock });
    if (report.failed.length > 0)
      throw new Error(`${report.failed.length} subscriptions did not follow: ${report.failed.slice(0, 20).join(', ')}`);
    return report;
  },
});
