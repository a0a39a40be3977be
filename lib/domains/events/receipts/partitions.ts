/** Receipts lie in partitions by the day they were recorded. */
import type { PartitionedTable } from '@/lib/warehouse/ingest/log/partitions';

export const receiptPartitions: PartitionedTable = { table: 'event_receipts', column: 'recorded_at', step: 'day' };
