/** A person puts rows that BigQuery refused back in line, once the cause is gone. */
import { z } from 'zod';
import { sourceId } from '@/lib/domains/events/input';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';
import { deadRowIdsInput, replayNamedRows } from '@/lib/warehouse/ingest/load/dead-rows';

const replayInput = z.strictObject({ source_id: sourceId, dead_row_ids: deadRowIdsInput });

type Replayed = { source_id: string; replayed: number };

/**
 * Each row goes back once; those that are back already are passed over. What BigQuery refuses again is set aside again, as a
 * new entry. AppError not_found, where none of the rows is of the source.
 */
export const replayDeadRows = defineCommand({
  name: 'dead_row.replay',
  permission: 'events:write',
  input: replayInput,
  run: async ({ ctx, tx, input: { source_id, dead_row_ids } }): Promise<Change<Replayed>> => {
    const dataset = await datasetOfSource(requireCustomer(ctx), source_id);
    const unknown = 'None of these rows was set aside for this source.';
    const replayed = await replayNamedRows(tx, dataset, dead_row_ids, unknown);
    if (replayed === 0) return { result: { source_id, replayed }, unchanged: true };
    return {
      result: { source_id, replayed },
      target: { type: 'event_source', id: source_id },
      before: null,
      after: { rows: replayed },
      mirror: [],
    };
  },
});
