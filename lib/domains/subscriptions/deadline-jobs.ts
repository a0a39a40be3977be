/** The job that ends subscriptions in time. Source: DESIGN 4, Status; issue Billing, 5. */
import { followDeadlines } from '@/lib/domains/subscriptions/deadlines';
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
