/** Scheduled work on lineage. */
import { forgetLineage } from '@/lib/domains/lineage/forget';
import { appliedKeptDays, lineageKeptDays } from '@/lib/domains/lineage/rules';
import { defineJob } from '@/lib/kernel/jobs';

export const forgetLineageJob = defineJob({
  name: 'lineage.forget',
  schedule: '25 * * * *',
  description: `Forgets events of orchestrators ${appliedKeptDays} day after they were applied, and what is known of runs ${lineageKeptDays} days after their last event.`,
  run: async ({ clock }) => forgetLineage(clock()),
});
