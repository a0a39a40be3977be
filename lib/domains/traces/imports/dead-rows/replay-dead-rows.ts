/** A person puts requests that BigQuery refused back in line, once the cause is gone. */
import { z } from 'zod';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';
import { deadRowIdsInput, replayNamedRows } from '@/lib/warehouse/ingest/load/dead-rows';

type Replayed = { replayed: number };

/**
 * Each row goes back once and is merged like one that has just come; those that are back already are passed over. What BigQuery
 * refuses again is set aside again, as a new entry. AppError not_found, where none of the rows is the caller's.
 */
export const replayTraceDeadRows = defineCommand({
  name: 'trace_dead_row.replay',
  permission: 'traces:write',
  input: z.strictObject({ dead_row_ids: deadRowIdsInput }),
  run: async ({ ctx, tx, input: { dead_row_ids } }): Promise<Change<Replayed>> => {
    const { customerId, tenantDatasetId } = requireCustomer(ctx);
    const unknown = 'None of these rows of yours was set aside.';
    const replayed = await replayNamedRows(tx, tenantDatasetId, dead_row_ids, unknown);
    if (replayed === 0) return { result: { replayed }, unchanged: true };
    return {
      result: { replayed },
      target: { type: 'customer', id: customerId },
      before: null,
      after: { rows: replayed },
      mirror: [],
    };
  },
});
