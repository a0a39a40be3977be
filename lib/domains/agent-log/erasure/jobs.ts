/** Erases users from agent logs soon after it was asked for. */
import { eraseUsers } from '@/lib/domains/agent-log/erasure/carry-out';
import { defineJob } from '@/lib/kernel/jobs';

export const eraseUsersJob = defineJob({
  name: 'agent_log.erase_users',
  schedule: '* * * * *',
  description: 'Erases users from agent logs: what they said goes, what tools took and cost stays.',
  run: ({ clock }) => eraseUsers({ clock }),
});
