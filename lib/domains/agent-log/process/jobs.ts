/** The agent log forgets ids of events after a while: one that is sent again later counts as another. */
import { sql } from 'drizzle-orm';
import { dedupDays } from '@/lib/domains/agent-log/rules';
import { defineJob } from '@/lib/kernel/jobs';
import { deleteInSteps } from '@/lib/warehouse/ingest/forget-datasets';

const dayMs = 86_400_000;

export const forgetEventIdsJob = defineJob({
  name: 'agent_log.forget_event_ids',
  schedule: '40 * * * *',
  description: `Forgets ids of events of the agent log that were recorded more than ${dedupDays} days ago.`,
  run: async ({ clock }) => {
    const before = new Date(clock().getTime() - dedupDays * dayMs).toISOString();
    return { forgotten: await deleteInSteps('agent_log_event_ids', sql`recorded_at < ${before}::timestamptz`) };
  },
});
