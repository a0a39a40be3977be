/** The MERGE that lays folded rows over a table of latest rows. */
import type { LoadField } from '@/lib/warehouse/ingest/evolve/prepared';
import { timeColumn } from '@/lib/warehouse/ingest/load/latest/fold';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';

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

/** Repeated, it changes nothing more: each value is at its newest then. */
export function mergeSql(
  target: Target,
  stage: string,
  fields: readonly LoadField[],
  older: ReadonlyMap<string, string>,
): string {
  const columns = fields.map(field => field.name);
  const list = columns.map(name).join(', ');
  const sets = columns.filter(column => column !== 'id').map(column => setOf(column, older));
  return [
    `MERGE \`${target.dataset}.${target.tableName}\` T USING \`${target.dataset}.${stage}\` S ON T.id = S.id`,
    `WHEN MATCHED THEN UPDATE SET ${sets.join(', ')}`,
    `WHEN NOT MATCHED THEN INSERT (${list}) VALUES (${columns.map(column => `S.${name(column)}`).join(', ')})`,
  ].join('\n');
}
