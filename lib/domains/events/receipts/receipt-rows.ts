/** What became of the rows of a call: waiting, loaded and by which job or stream, or dead; what its tables were given; what no column took. */
import { sql } from 'drizzle-orm';
import type { SentItem } from '@/lib/domains/events/receipts/sent-calls';
import { usersTable } from '@/lib/domains/events/rules';
import type { EventReceipt } from '@/lib/domains/events/tables';
import { columnsOf } from '@/lib/domains/events/transform/shapes';
import { transformCall } from '@/lib/domains/events/transform/transform';
import type { Row } from '@/lib/domains/events/transform/transformed';
import type { ReceiptRow } from '@/lib/domains/events/view';
import { db } from '@/lib/platform/db';

type State = {
  table_name: string;
  isSettled: boolean;
  sink: 'load_job' | 'stream' | null;
  job_ids: string[] | null;
  ended_at: string | null;
  error: string | null;
  discarded: ReceiptRow['discarded'];
  changes: ReceiptRow['changes'];
};

/** Signs of a value, and changes of a table, that a receipt shows. */
const shownSigns = 200;
const shownChanges = 100;

/** A dead row and a discarded value are this call's where they have its id and its time of receipt. */
async function statesOf(dataset: string, receipt: EventReceipt): Promise<State[]> {
  const { tableNames, chunkIds, messageId, userId } = receipt;
  const rowIds = tableNames.map(table => (table === usersTable ? (userId ?? messageId) : messageId));
  const receivedAt = sql`${receipt.receivedAt.toISOString()}::timestamptz`;
  const { rows } = await db().execute<State>(sql`
    SELECT carried.table_name, chunk.chunk_id IS NULL OR chunk.settled_at IS NOT NULL AS "isSettled", load.sink, load.job_ids,
      load.ended_at,
      (SELECT dead.error FROM ingest_dead_rows AS dead
       WHERE dead.row_id = carried.row_id AND dead.dataset = ${dataset} AND dead.table_name = carried.table_name
         AND dead.replayed_at IS NULL AND (dead.row::json ->> 'received_at')::timestamptz = ${receivedAt}
       ORDER BY dead.failed_at DESC LIMIT 1) AS error,
      coalesce((SELECT jsonb_agg(jsonb_build_object(
          'column', discard.column_name, 'reason', discard.reason, 'value', left(kept.value, ${shownSigns}))
          ORDER BY discard.column_name)
       FROM ingest_discarded_values AS kept JOIN ingest_discards AS discard USING (discard_id)
       WHERE kept.row_id = carried.row_id AND discard.dataset = ${dataset} AND discard.table_name = carried.table_name
         AND kept.received_at = ${receivedAt} AND kept.replayed_at IS NULL), '[]') AS discarded,
      coalesce((SELECT jsonb_agg(jsonb_build_object(
          'kind', kind, 'column', column_name, 'from', from_type, 'to', to_type) ORDER BY changed_at, column_name)
       FROM (SELECT kind, column_name, from_type, to_type, changed_at FROM ingest_schema_changes AS made
             WHERE made.dataset = ${dataset} AND made.table_name = carried.table_name
               AND made.changed_at BETWEEN chunk.created_at AND load.ended_at
             ORDER BY changed_at LIMIT ${shownChanges}) AS shown), '[]') AS changes
    FROM unnest(${sql.param(tableNames)}::text[], ${sql.param(chunkIds)}::text[], ${sql.param(rowIds)}::text[])
      WITH ORDINALITY AS carried (table_name, chunk_id, row_id, place)
    LEFT JOIN ingest_chunks AS chunk ON chunk.chunk_id = carried.chunk_id
    LEFT JOIN ingest_loads AS load ON load.load_id = chunk.load_id
    ORDER BY carried.place`);
  return rows;
}

/** The rows that the call becomes, made once more: the transform is pure. */
function rowsOf({ messageId, type }: EventReceipt, { item, entry: { meta, receivedAt } }: SentItem): Row[] {
  if (type === null) return [];
  const facts = { type, messageId, receivedAt, processedAt: receivedAt.text, ip: meta.ip, userAgent: meta.userAgent };
  return transformCall(item.call, facts).rows;
}

function rowView(state: State, made: readonly Row[] | null): ReceiptRow {
  const row = made?.find(({ table }) => table === state.table_name);
  const columns = row ? row.shapes.flatMap(columnsOf).map(({ name, type }) => ({ column: name, type })) : null;
  const names = columns && new Set(columns.map(({ column }) => column));
  const carrier = state.job_ids?.at(-1) ?? null;
  const isLoaded = state.isSettled && state.error === null;
  return {
    table: state.table_name,
    state: state.error !== null ? 'DEAD' : isLoaded ? 'LOADED' : 'WAITING',
    job_id: state.sink === 'load_job' ? carrier : null,
    stream: state.sink === 'stream' ? carrier : null,
    loaded_at: isLoaded && state.ended_at !== null ? new Date(state.ended_at) : null,
    error: state.error,
    columns,
    changes: state.changes.filter(({ column }) => column === null || !names || names.has(column)),
    discarded: state.discarded,
  };
}

/** One row a table, in the order in which they were made; `sent` is null once the log has the call no longer. */
export async function receiptRows(
  dataset: string,
  receipt: EventReceipt,
  sent: SentItem | null,
): Promise<ReceiptRow[]> {
  if (receipt.chunkIds.length === 0) return [];
  const made = sent && rowsOf(receipt, sent);
  return (await statesOf(dataset, receipt)).map(state => rowView(state, made));
}
