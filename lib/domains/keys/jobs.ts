/** Scheduled work on API keys. */
import { deactivateExpiredKeys } from '@/lib/domains/keys/expiry';
import { mirrorLastUsed } from '@/lib/domains/keys/last-used';
import { forgetCalls } from '@/lib/domains/keys/read-calls';
import { defineJob } from '@/lib/kernel/jobs';

/** Source: docs/spec/requirements.md, C-61. */
export const deactivateExpiredJob = defineJob({
  name: 'api_key.deactivate_expired',
  schedule: '0 3 1 * *',
  description: 'Switches off API keys whose time is over; they are refused from their expiry on in any case.',
  run: ctx => deactivateExpiredKeys(ctx.clock),
});

export const mirrorLastUsedJob = defineJob({
  name: 'api_key.mirror_last_used',
  schedule: '*/5 * * * *',
  description: 'Tells BigQuery the last use of API keys that no later use would carry along.',
  run: async ctx => ({ keys: await mirrorLastUsed(ctx.clock()) }),
});

export const forgetCallsJob = defineJob({
  name: 'api_key.forget_calls',
  schedule: '40 2 * * *',
  description: 'Deletes what is kept of API keys’ calls after 90 days.',
  run: ctx => forgetCalls(ctx.clock()),
});
