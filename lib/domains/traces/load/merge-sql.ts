/** The MERGEs that bring a stage of traces into the tenant's tables: by trace_hash, the last one sent wins. Source: docs/spec/001-ai-traces.md, Deduplication Strategy. */
import { tables } from '@/lib/warehouse/rows/metadata';

export type TraceTable = 'sessions' | 'session_details';

/** What a row is known by and filed under; neither changes. */
const fixed: readonly string[] = ['id', 'trace_hash', 'event_date'];

/** Of a span these may be those of its trace, which are no part of its hash: one that comes again without them does not take them away. */
const kept: readonly string[] = ['session_id', 'developer_id'];

const name = (column: string) => `\`${column}\``;

const sent = (column: string) =>
  kept.includes(column) ? `IFNULL(S.${name(column)}, T.${name(column)})` : `S.${name(column)}`;

/** What a column of the table is of a row of the stage, where that is not the column of that name. */
const added: Record<string, string> = {
  // Numbers follow the order of the rows, so that a statement sent again gives the same.
  id: '@first_id - 1 + ROW_NUMBER() OVER (ORDER BY event_date, timestamp, trace_hash) AS id',
  loaded_at: '@loaded_at AS loaded_at',
};

/**
 * The statement for one of the tables; its parameters are @lo and @hi (DATE, the days of the stage) and @first_id (INT64) or
 * @loaded_at (TIMESTAMP). Repeated it changes nothing: rows that are there keep their id.
 */
export function mergeTracesSql(table: TraceTable, dataset: string, stage: string): string {
  const columns = Object.keys(tables[table].columns);
  const sets = columns.filter(column => !fixed.includes(column)).map(column => `${name(column)} = ${sent(column)}`);
  const sources = columns.map(column => added[column] ?? name(column)).join(', ');
  return [
    `MERGE \`${dataset}.${table}\` T USING (SELECT ${sources} FROM \`${dataset}.${stage}\`) S`,
    'ON T.trace_hash = S.trace_hash AND T.event_date BETWEEN @lo AND @hi',
    `WHEN MATCHED THEN UPDATE SET ${sets.join(', ')}`,
    `WHEN NOT MATCHED THEN INSERT (${columns.map(name).join(', ')}) VALUES (${columns.map(column => `S.${name(column)}`).join(', ')})`,
  ].join('\n');
}
