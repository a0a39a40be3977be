/**
 * Gives the rows that are there the default of a column added after them: BigQuery leaves them NULL.
 * A label on the table notes the column before it is added and goes when its rows are filled, so that a cut off fill is
 * known and goes on. Source: docs/spec/requirements.md, C-70.
 */
import type { BigQuery } from '@google-cloud/bigquery';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import type { SlidingWindow } from '@/lib/platform/bigquery/sliding-window';
import { addDays } from '@/lib/platform/clock';
import { tableReference } from '@/lib/warehouse/schemas/ddl';
import type { FieldDefinition, TableDefinition } from '@/lib/warehouse/schemas/definition';
import { isLocal, type LiveTable, runDdl, selectRows, withinRate } from '@/lib/warehouse/schemas/rest';

const labelStart = 'backfill-';
const labelOf = (column: string) => `${labelStart}${column}`;

/** A statement rewrites the partitions it names: few enough rows and days that one is never long. */
const rowsAtOnce = 500_000;
const daysAtOnce = 100;

export type FillTarget = {
  client: BigQuery;
  dataset: string;
  location: string;
  definition: TableDefinition;
  /** Turns of the table's DML statements. */
  pace: SlidingWindow;
  /** Once aborted, no further statement is begun; the label says what is left. */
  signal?: AbortSignal | undefined;
  /** Told after each statement. */
  onProgress?: ((line: string) => void) | undefined;
};
type Days = { day: string; rows: number };
/** `until` is the day after the last one. */
type Part = { from: string; until: string; rows: number };

/** Columns whose older rows have not all got their default. */
export const waitingForDefault = (live: LiveTable): string[] =>
  Object.keys(live.labels ?? {})
    .filter(label => label.startsWith(labelStart))
    .map(label => label.slice(labelStart.length));

/** The labels of a table with these columns noted as waiting and no others; null takes one away on the service. */
export function backfillLabels(client: BigQuery, live: LiveTable, columns: readonly string[]) {
  const before = Object.entries(live.labels ?? {});
  const gone = before.filter(
    ([label]) => label.startsWith(labelStart) && !columns.includes(label.slice(labelStart.length)),
  );
  return {
    ...Object.fromEntries(before.filter(([label]) => !label.startsWith(labelStart))),
    ...(isLocal(client) ? {} : Object.fromEntries(gone.map(([label]) => [label, null]))),
    ...Object.fromEntries(columns.map(column => [labelOf(column), 'pending'])),
  };
}

const instant = (type: string | undefined, day: string) => `${type === 'DATE' ? 'DATE' : 'TIMESTAMP'} '${day}'`;

function partitionOf({ partitioning, fields }: TableDefinition): { name: string; type: string } | null {
  const field = fields.find(({ name }) => name === partitioning?.field);
  return field ? { name: field.name, type: field.type } : null;
}

/** Days of the rows without a value, oldest first. Reads only the two columns, of which one is empty. */
async function daysWithout(target: FillTarget, column: string): Promise<Days[]> {
  const { client, dataset, location, definition } = target;
  const partition = partitionOf(definition);
  const day = partition?.type === 'DATE' ? `\`${partition.name}\`` : `DATE(\`${partition?.name}\`)`;
  const sql = `SELECT CAST(${day} AS STRING) AS day, COUNT(*) AS held FROM ${tableReference(dataset, definition.table)}
    WHERE \`${partition?.name}\` >= ${instant(partition?.type, '0001-01-01')} AND \`${column}\` IS NULL GROUP BY day ORDER BY day`;
  return (await selectRows(client, sql, location)).map(row => ({ day: String(row.day), rows: Number(row.held) }));
}

async function rowsWithout({ client, dataset, location, definition }: FillTarget, column: string): Promise<number> {
  const table = tableReference(dataset, definition.table);
  const sql = `SELECT COUNT(*) AS held FROM ${table} WHERE \`${column}\` IS NULL`;
  return Number((await selectRows(client, sql, location))[0]?.held ?? 0);
}

/** Neighbouring days together, as long as they are few and hold few rows. */
export function partsOf(days: Days[]): Part[] {
  const parts: Part[] = [];
  for (const { day, rows } of days) {
    const last = parts.at(-1);
    const fits = last && last.rows + rows <= rowsAtOnce && day < addDays(last.from, daysAtOnce);
    if (fits) Object.assign(last, { until: addDays(day, 1), rows: last.rows + rows });
    else parts.push({ from: day, until: addDays(day, 1), rows });
  }
  return parts;
}

function fillStatement({ dataset, definition }: FillTarget, { name, default: value }: FieldDefinition, part?: Part) {
  const partition = partitionOf(definition);
  const range =
    part && partition
      ? `\`${partition.name}\` >= ${instant(partition.type, part.from)} AND \`${partition.name}\` < ${instant(partition.type, part.until)} AND `
      : '';
  return `UPDATE ${tableReference(dataset, definition.table)} SET \`${name}\` = ${value} WHERE ${range}\`${name}\` IS NULL`;
}

/** Fills one column and answers how many rows there were to fill; throws the signal's reason when told to stop. */
export async function fillColumn(target: FillTarget, field: FieldDefinition): Promise<number> {
  const { client, dataset, location, definition, pace, signal, onProgress } = target;
  const days = partitionOf(definition) ? await daysWithout(target, field.name) : null;
  const rows = days ? days.reduce((sum, day) => sum + day.rows, 0) : await rowsWithout(target, field.name);
  const parts = days ? partsOf(days) : rows > 0 ? [{ from: '', until: '', rows }] : [];
  let filled = 0;
  for (const part of parts) {
    signal?.throwIfAborted();
    await pace.turn();
    await runDdl(client, fillStatement(target, field, days ? part : undefined), location);
    filled += part.rows;
    const counts = `${filled.toLocaleString('en')} of ${rows.toLocaleString('en')} older rows`;
    onProgress?.(`${dataset}.${definition.table}.${field.name}: ${counts} have the default`);
  }
  return rows;
}

/** Notes the columns as waiting on the table, and only them. */
export async function noteWaiting(
  target: Pick<FillTarget, 'client' | 'dataset' | 'definition'>,
  live: LiveTable,
  columns: readonly string[],
): Promise<void> {
  const uri = `/datasets/${target.dataset}/tables/${target.definition.table}`;
  const json = { labels: backfillLabels(target.client, live, columns) };
  await withinRate(() => bigqueryRequest(target.client, { method: 'PATCH', uri, json }));
}
