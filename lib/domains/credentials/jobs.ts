/** Scheduled work on credentials. */
import { validateAll } from '@/lib/domains/credentials/check/validate-all';
import { notifyCredentialExpiry } from '@/lib/domains/credentials/expiry';
import { wipeEndedOverlaps } from '@/lib/domains/credentials/overlaps';
import { mirrorUsage } from '@/lib/domains/credentials/usage';
import { defineJob } from '@/lib/kernel/jobs';

export const endOverlapsJob = defineJob({
  name: 'credential.end_overlaps',
  schedule: '17 * * * *',
  description: 'Wipes replaced secrets of credentials whose overlap is over.',
  run: ctx => wipeEndedOverlaps(ctx.clock),
});

export const mirrorUsageJob = defineJob({
  name: 'credential.mirror_usage',
  schedule: '*/5 * * * *',
  description: 'Tells BigQuery the last fetches of credentials that no later fetch would carry along.',
  run: async ctx => ({ credentials: await mirrorUsage(ctx.clock()) }),
});

/** Source: docs/spec/requirements.md, C-58. */
export const validateAllJob = defineJob({
  name: 'credential.validate_all',
  schedule: '0 4 * * 1',
  description: 'Tests every stored cloud credential at its provider, and tells admins of those that fail.',
  run: ctx => validateAll({ clock: ctx.clock }),
});

export const notifyExpiryJob = defineJob({
  name: 'credential.notify_expiry',
  // Each hour, so that the message of the last day comes a day ahead and not an hour.
  schedule: '27 * * * *',
  description: 'Tells owners and admins 14, 7 and 1 days before a stored credential expires.',
  run: async ctx => ({ ...(await notifyCredentialExpiry({ clock: ctx.clock })) }),
});
