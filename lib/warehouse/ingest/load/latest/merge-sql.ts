/** The MERGE that lays folded rows over a table of latest rows. */
import type { LoadField } from '@/lib/warehouse/ingest/evolve/prepared';
import { timeColumn } from '@/lib/warehouse/ingest/load/latest/fold';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { castText } from '@/lib/warehouse/mirror/merge-sql';

const name = (column: string) => `\`${column}\``;
/** Of when the table's row is; a row that says no time is before all others. */
const tableTime = `COALESCE(T.${name(timeColumn)}, TIMESTAMP '0001-01-01 00:00:00+00')`;

/** A newer value takes the place of the one that is there, an older one only that of none. */
function setOf(column: string, older: ReadonlyMap<string, string>): string {
  const [have, came] = [`T.${name(column)}`, `S.${name(column)}`];
  if (column === timeColumn) return `${name(column)} = IF(${came} > ${tableTime}, ${came}, ${have})`;
  const rowTime = `S.${name(timeColumn)}`;
  const since = older.get(column);
  const at = since ? `COALESCE(S.${name(since)}, ${rowTime})` : rowTime;
  return `${name(column)} = IF(${at} >= ${tableTime}, COALESCE(${came}, ${have}), COALESCE(${have}, ${came}))`;
}

const namePattern = /^\w+$/;

/** The column's value in the text of a row; of JSON the text of JSON, in which texts have their quotes. */
function extract({ name: column, type }: LoadField): string {
  if (!namePattern.test(column)) throw new Error(`${JSON.stringify(column)} is no column of ours`);
  const text = type === 'JSON' ? `JSON_QUERY(line, '$.${column}')` : `JSON_VALUE(line, '$.${column}')`;
  return `${castText(type, text)} AS ${name(column)}`;
}

/** Rows that come as a parameter: @rows ARRAY<STRING>, each the JSON of a row. */
export const rowsSource = (fields: readonly LoadField[]): string =>
  `(SELECT ${fields.map(extract).join(', ')} FROM UNNEST(@rows) AS line)`;

/** Lays the rows of `source` over the table. Repeated, it changes nothing more: each value is at its newest then. */
export function mergeSql(
  target: Target,
  source: string,
  fields: readonly LoadField[],
  older: ReadonlyMap<string, string>,
): string {
  const columns = fields.map(field => field.name);
  const list = columns.map(name).join(', ');
  const sets = columns.filter(column => column !== 'id').map(column => setOf(column, older));
  return [
    `MERGE \`${target.dataset}.${target.tableName}\` T USING ${source} S ON T.id = S.id`,
    `WHEN MATCHED THEN UPDATE SET ${sets.join(', ')}`,
    `WHEN NOT MATCHED THEN INSERT (${list}) VALUES (${columns.map(column => `S.${name(column)}`).join(', ')})`,
  ].join('\n');
}
