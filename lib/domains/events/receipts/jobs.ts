/** Receipts, and what is told of how their rows were loaded, are kept for some days. */
import { receiptPartitions } from '@/lib/domains/events/receipts/partitions';
import { defineJob } from '@/lib/kernel/jobs';
import { env } from '@/lib/platform/env';
import { dropPartitionsBefore } from '@/lib/warehouse/ingest/log/partitions';
import { forgetSettled } from '@/lib/warehouse/ingest/spool/forget-settled';

const dayMs = 86_400_000;

export const forgetReceiptsJob = defineJob({
  name: 'event.forget_receipts',
  schedule: '27 * * * *',
  description:
    'Drops days of event receipts older than EVENT_RECEIPT_DAYS, and what was kept of how their rows were loaded.',
  run: async ctx => {
    const before = new Date(ctx.clock().getTime() - env().EVENT_RECEIPT_DAYS * dayMs);
    return { days: await dropPartitionsBefore(receiptPartitions, before), ...(await forgetSettled(before)) };
  },
});
