/** Scheduled work on the age of traces. */
import { expireTraces } from '@/lib/domains/traces/retention/expire-traces';
import { defineJob } from '@/lib/kernel/jobs';

/** Source: docs/spec/001-ai-traces.md, Data Retention. */
export const expireTracesJob = defineJob({
  name: 'traces.expire',
  schedule: '40 3 * * *',
  description: 'Removes rows of AI usage that customers keep no longer, and keeps what their days came to.',
  run: ({ clock }) => expireTraces({ clock }),
});
