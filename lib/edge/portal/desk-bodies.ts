/** The query desk as JSON: names as all bodies spell them. */
import type { DeskCaps } from '@/lib/domains/desk/caps/caps';
import type { DeskTable } from '@/lib/domains/desk/rules';
import type { Estimate } from '@/lib/domains/desk/run/estimate-query';
import type { QueryView } from '@/lib/domains/desk/run/query-view';
import type { RunAnswer } from '@/lib/domains/desk/run/run-query';

export const tableBody = ({ name, group, description, columns, partitionColumn, needsFilter }: DeskTable) => ({
  table_name: name,
  group,
  description,
  partition_column: partitionColumn,
  needs_filter: needsFilter,
  columns,
});

export const estimateBody = (estimate: Estimate) => ({
  sql: estimate.sql,
  tables: estimate.tables.map(({ name }) => name),
  columns: estimate.columns,
  estimated_bytes: estimate.estimatedBytes,
  estimated_usd: estimate.usd,
  cap_bytes: estimate.capBytes,
  day_bytes: estimate.dayBytes,
  day_limit_bytes: estimate.dayLimitBytes,
  fits: estimate.fits,
});

export const queryBody = (query: QueryView) => ({
  query_id: query.queryId,
  status: query.status,
  sql: query.sql,
  executed_sql: query.executedSql,
  tables: query.tables,
  asked_via: query.askedVia,
  estimated_bytes: query.estimatedBytes,
  cap_bytes: query.capBytes,
  bytes_billed: query.bytesBilled,
  row_count: query.rowCount,
  total_rows: query.totalRows,
  error_message: query.errorMessage,
  started_at: query.startedAt,
  ended_at: query.endedAt,
  result_until: query.resultUntil,
});

export const runBody = (answer: RunAnswer) => ({
  query_id: answer.queryId,
  status: answer.status,
  executed_sql: answer.sql,
  tables: answer.tables,
  columns: answer.columns,
  rows: answer.rows,
  row_count: answer.rowCount,
  total_rows: answer.totalRows,
  bytes_billed: answer.bytesBilled,
  cap_bytes: answer.capBytes,
});

export const capsBody = ({ maxBytesPerQuery, bytesPerDay, dayBytes, operator }: DeskCaps) => ({
  max_bytes_per_query: maxBytesPerQuery,
  bytes_per_day: bytesPerDay,
  day_bytes: dayBytes,
  most: { max_bytes_per_query: operator.maxBytesPerQuery, bytes_per_day: operator.bytesPerDay },
});
