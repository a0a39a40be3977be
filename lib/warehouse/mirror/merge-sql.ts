/** The MERGE of a mirror, generated from the table's columns. Source: docs/architecture.md, The mirror. */

import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import type { TableShape } from '@/lib/warehouse/mirror/define-mirror';
import { keyColumn } from '@/lib/warehouse/mirror/payload';

export type MergeMode = 'upsert' | 'insert';

const datasetPattern = /^[A-Za-z0-9_]{1,1024}$/;

/** `dataset.table` in backticks; the name is checked because it cannot be a parameter. */
export function tableName(shape: TableShape, dataset: string): string {
  if (!datasetPattern.test(dataset)) throw new Error(`${JSON.stringify(dataset)} is not a dataset name`);
  return `\`${dataset}.${shape.table}\``;
}

/** SQL that makes a value of the column's type from the text in `text`. */
export function castText(type: string, text: string): string {
  if (type === 'STRING') return text;
  if (type === 'BYTES') return `FROM_BASE64(${text})`;
  // A plain cast would do on the service; the local one rounds it to three digits.
  if (type === 'NUMERIC' || type === 'BIGNUMERIC') return `PARSE_${type}(${text})`;
  if (type === 'JSON') return `PARSE_JSON(${text}, wide_number_mode=>'round')`;
  return `CAST(${text} AS ${type})`;
}

function extract(name: string, { type, mode }: { type: string; mode: string }): string {
  const path = `change, '$.${name}'`;
  if (mode !== 'REPEATED') return castText(type, `JSON_VALUE(${path})`);
  const items = `JSON_VALUE_ARRAY(${path})`;
  if (type === 'STRING') return `IFNULL(${items}, [])`;
  return `ARRAY(SELECT ${castText(type, 'item')} FROM UNNEST(${items}) AS item WITH OFFSET AS position ORDER BY position)`;
}

/**
 * The statement for @changes ARRAY<STRING>, each a text of payload.ts; with @lo and @hi where the table is partitioned.
 * 'upsert' follows changes and deletions, also of the partition column where rows move; 'insert' adds rows it has not seen
 * and changes none.
 */
export function mergeSql(shape: TableShape, dataset: string, mode: MergeMode, moves = false): string {
  const key = keyColumn(shape);
  const names = Object.keys(shape.columns);
  const selected = names.map(
    name => `    ${extract(name, shape.columns[name] as { type: string; mode: string })} AS ${quote(name)}`,
  );
  const range = shape.partition ? ` AND T.${quote(shape.partition.field)} BETWEEN @lo AND @hi` : '';
  const list = names.map(quote).join(', ');
  const insert = `INSERT (${list}) VALUES (${names.map(name => `S.${quote(name)}`).join(', ')})`;
  const updates = names.filter(name => name !== key && (moves || name !== shape.partition?.field));
  const follow = [
    'WHEN MATCHED AND S._deleted THEN DELETE',
    `WHEN MATCHED THEN UPDATE SET ${updates.map(name => `${quote(name)} = S.${quote(name)}`).join(', ')}`,
    `WHEN NOT MATCHED AND NOT S._deleted THEN ${insert}`,
  ];
  return [
    `MERGE ${tableName(shape, dataset)} T`,
    'USING (',
    '  SELECT',
    selected.join(',\n'),
    "    , IFNULL(CAST(JSON_VALUE(change, '$._deleted') AS BOOL), FALSE) AS _deleted",
    '  FROM UNNEST(@changes) AS change',
    ') S',
    `ON T.${quote(key)} = S.${quote(key)}${range}`,
    ...(mode === 'upsert' ? follow : [`WHEN NOT MATCHED AND NOT S._deleted THEN ${insert}`]),
  ].join('\n');
}

const quote = (name: string) => `\`${name}\``;

/** Parameters of mergeSql: the texts, and bounds that hold the days' whole partitions. */
export function mergeParameters(shape: TableShape, changes: string[], days: (string | null)[]): QueryParameters {
  const parameters: QueryParameters = { changes: { type: 'ARRAY<STRING>', value: changes } };
  if (!shape.partition) return parameters;
  const [lo, hi] = dayRange(days);
  return { ...parameters, ...rangeParameters(shape.partition.type, lo, hi) };
}

/** @lo and @hi of a range of whole days. */
export function rangeParameters(type: string, lo: string, hi: string): QueryParameters {
  if (type === 'DATE') return { lo: { type: 'DATE', value: lo }, hi: { type: 'DATE', value: hi } };
  return {
    lo: { type: 'TIMESTAMP', value: `${lo}T00:00:00.000000Z` },
    hi: { type: 'TIMESTAMP', value: `${hi}T23:59:59.999999Z` },
  };
}

/** First and last day; all days when one is not known, as for a row deleted before its partition was noted. */
function dayRange(days: (string | null)[]): [string, string] {
  const known = days.filter(day => day !== null).sort();
  const [lo, hi] = [known[0], known.at(-1)];
  return known.length < days.length || !lo || !hi ? ['0001-01-01', '9999-12-31'] : [lo, hi];
}
