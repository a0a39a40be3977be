/** Scheduled work on what is remembered of traces. */
import { forgetTraceOwners } from '@/lib/domains/traces/collect/forget-owners';
import { defineJob } from '@/lib/kernel/jobs';

export const forgetTraceOwnersJob = defineJob({
  name: 'traces.forget_owners',
  schedule: '*/10 * * * *',
  description: 'Forgets whose traces of AI were after a day, and beyond what is kept of a customer.',
  run: async ({ clock }) => ({ forgotten: await forgetTraceOwners(clock()) }),
});
