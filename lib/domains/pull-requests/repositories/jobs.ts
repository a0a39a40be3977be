/** Scheduled work on connected repositories. */
import { forgetDeliveries } from '@/lib/domains/pull-requests/repositories/deliveries';
import { defineJob } from '@/lib/kernel/jobs';

export const forgetDeliveriesJob = defineJob({
  name: 'repository.forget_deliveries',
  schedule: '43 2 * * *',
  description: 'Forgets webhooks of GitHub that came longer than 30 days ago.',
  run: async ctx => ({ deliveries: await forgetDeliveries(ctx.clock()) }),
});
