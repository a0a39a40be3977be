/** A run from the JSON that Postgres makes of its row. */
import { getTableColumns } from 'drizzle-orm';
import { type Run, runs } from '@/lib/domains/runs/tables';

const columns = Object.entries(getTableColumns(runs));

/** The run in a to_jsonb(runs) value: column names become ours, instants become Dates. */
export function runFromJson(row: Record<string, unknown>): Run {
  const fields = columns.map(([name, column]) => {
    const value = row[column.name] ?? null;
    return [name, column.dataType === 'date' && typeof value === 'string' ? new Date(value) : value];
  });
  return Object.fromEntries(fields) as Run;
}
