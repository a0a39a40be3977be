/** The statement that writes discarded values into their rows. */
import { quotedTable } from '@/lib/warehouse/ingest/evolve/change-columns';
import type { TableMode, Target } from '@/lib/warehouse/ingest/spool/new-chunk';

/**
 * `@items` are JSON texts with `id` and the value as a text, `v`. A row that got a value meanwhile keeps it. In a table of latest
 * rows a row moves to other partitions, so it is looked for in all.
 */
export function replaySql(target: Target, column: { name: string; type: string }, mode: TableMode): string {
  const name = `\`${column.name}\``;
  const within = mode === 'append' ? ' AND T.received_at BETWEEN @lo AND @hi' : '';
  return [
    `MERGE ${quotedTable(target)} AS T`,
    `USING (SELECT JSON_VALUE(item, '$.id') AS id, CAST(JSON_VALUE(item, '$.v') AS ${column.type}) AS v FROM UNNEST(@items) AS item) AS S`,
    `ON T.id = S.id${within}`,
    `WHEN MATCHED AND T.${name} IS NULL THEN UPDATE SET ${name} = S.v`,
  ].join('\n');
}
