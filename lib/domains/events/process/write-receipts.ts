/** Writes what became of each call, all in one statement. */
import { sql } from 'drizzle-orm';
import type { Carried } from '@/lib/domains/events/process/gather-chunks';
import type { Outcome } from '@/lib/domains/events/process/outcome';
import type { Tx } from '@/lib/platform/db';

/** Names of tables and ids of chunks have no sign that an array of Postgres would need quoted. */
const arrayText = (values: readonly string[] = []): string => `{${values.join(',')}}`;

/** What jsonb does not keep is left out: NUL and half characters. */
const jsonText = (notes: Outcome['notes']): string | null =>
  notes.length === 0 ? null : JSON.stringify(notes).replaceAll(/\\u(?:0000|d[89a-f][\da-f]{2})/gi, '\ufffd');

/** One receipt a call, recorded at `at`. */
export async function writeReceipts(tx: Tx, outcomes: readonly Outcome[], carried: Map<Outcome, Carried>, at: Date) {
  if (outcomes.length === 0) return;
  const column = <Value>(of: (outcome: Outcome) => Value) => sql.param(outcomes.map(of));
  await tx.execute(sql`
    INSERT INTO event_receipts (source_id, message_id, recorded_at, received_at, outcome, type, event, user_id, anonymous_id,
      notes, shard, position, item_index, table_names, chunk_ids)
    SELECT source_id, message_id, ${at.toISOString()}::timestamptz, received_at, outcome, type, event, user_id, anonymous_id,
      notes, shard, position, item_index, table_names::text[], chunk_ids::text[]
    FROM unnest(
      ${column(({ source }) => source.sourceId)}::text[],
      ${column(({ messageId }) => messageId)}::text[],
      ${column(({ receivedAt }) => receivedAt.toISOString())}::timestamptz[],
      ${column(({ outcome }) => outcome)}::text[],
      ${column(({ type }) => type)}::text[],
      ${column(({ event }) => event)}::text[],
      ${column(({ userId }) => userId)}::text[],
      ${column(({ anonymousId }) => anonymousId)}::text[],
      ${column(({ notes }) => jsonText(notes))}::jsonb[],
      ${column(({ place }) => place.shard)}::smallint[],
      ${column(({ place }) => place.position)}::bigint[],
      ${column(({ place }) => place.index)}::smallint[],
      ${column(outcome => arrayText(carried.get(outcome)?.tableNames))}::text[],
      ${column(outcome => arrayText(carried.get(outcome)?.chunkIds))}::text[]
    ) AS made (source_id, message_id, received_at, outcome, type, event, user_id, anonymous_id, notes, shard, position,
      item_index, table_names, chunk_ids)`);
}
