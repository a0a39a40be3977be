/** Jobs of the audit trail. */
import { settleDenials } from '@/lib/kernel/audit/audit';
import { defineJob } from '@/lib/kernel/jobs';
import { floorTo } from '@/lib/platform/clock';

const minuteMs = 60_000;

export const settleDenialsJob = defineJob({
  name: 'audit.settle_denials',
  schedule: '* * * * *',
  description:
    'Writes the refusals of the minutes that are over into the audit log, one row for each caller and action.',
  run: async ctx => ({ rows: await settleDenials(floorTo(ctx.clock(), minuteMs)) }),
});
