/** The column that says when a row was loaded. */
import type { LoadField, Prepared } from '@/lib/warehouse/ingest/evolve/prepared';

/** The rows with `loaded_at`, and the columns they may have: the table's, and that one. */
export function withLoadedAt(
  { ndjson, fields }: Pick<Prepared, 'ndjson' | 'fields'>,
  at: Date,
): { ndjson: string; fields: LoadField[] } {
  // A line end is the only place of NDJSON where a closing brace meets one: within texts it is escaped.
  const stamped = ndjson.replaceAll('}\n', `,"loaded_at":"${at.toISOString()}"}\n`);
  const others = fields.filter(({ name }) => name !== 'loaded_at');
  return { ndjson: stamped, fields: [...others, { name: 'loaded_at', type: 'TIMESTAMP' }] };
}
