/** Scheduled work on the runs of jobs. */
import { endSilentRuns } from '@/lib/domains/traces/runs/end-silent-runs';
import { defineJob } from '@/lib/kernel/jobs';

export const endSilentRunsJob = defineJob({
  name: 'traces.end_silent_runs',
  schedule: '*/10 * * * *',
  description: 'Ends imports of AI traces whose process is gone, and the hourly runs of what arrives by HTTP.',
  run: ({ clock }) => endSilentRuns(clock),
});
