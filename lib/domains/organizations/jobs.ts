/** Jobs of customers: what a new one needs outside Postgres, and what a deleted one leaves. */
import { eraseDueCustomers } from '@/lib/domains/organizations/erasure';
import { provisionCustomers } from '@/lib/domains/organizations/provisioning';
import { defineJob } from '@/lib/kernel/jobs';

export const provisionJob = defineJob({
  name: 'customer.provision',
  schedule: '*/5 * * * *',
  description: 'Makes the Stripe customer and the dataset that a sign-up could not, and tells Stripe of changed names.',
  run: ctx => provisionCustomers(ctx.customerId ?? undefined),
});

export const eraseJob = defineJob({
  name: 'customer.erase',
  schedule: '30 * * * *',
  description:
    'Erases organizations whose deletion was asked for 30 days ago: rows, mirrors, dataset and Stripe customer.',
  run: async ctx => {
    const report = await eraseDueCustomers({ clock: ctx.clock, customerId: ctx.customerId ?? undefined });
    if (report.failed > 0) throw new Error(`${report.failed} of ${report.failed + report.erased} were not erased`);
    return report;
  },
});
