/** A whole result as a CSV file: cells whole, and none that a spreadsheet would run. */
import { resultRows } from '@/lib/domains/desk/rules';
import { followQuery } from '@/lib/domains/desk/run/follow-query';
import type { JsonValue } from '@/lib/domains/desk/run/json-values';
import { findOwn } from '@/lib/domains/desk/run/query-view';
import { wholePage } from '@/lib/domains/desk/run/read-result';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type CsvValue, csvLine, csvPageRows } from '@/lib/platform/csv';
import { AppError } from '@/lib/platform/errors';

const numberTypes: ReadonlySet<string> = new Set(['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64']);

/** Lists and structs stand as JSON; numbers that are texts, as a double would lose digits, stay numbers. */
function cellOf(value: JsonValue, type: string): CsvValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value === 'string' && numberTypes.has(type)) return { numeral: value };
  return typeof value === 'number' ? value : String(value);
}

async function* lines(ctx: CustomerCtx, query: Awaited<ReturnType<typeof findOwn>>): AsyncGenerator<string> {
  for (let offset = 0; offset < resultRows; ) {
    const { columns, rows, more } = await wholePage(ctx, query, { offset, limit: csvPageRows });
    if (offset === 0) yield csvLine(columns.map(({ name }) => name));
    yield rows.map(row => csvLine(columns.map(({ name, type }) => cellOf(row[name], type)))).join('');
    offset += rows.length;
    if (!more || rows.length === 0) return;
  }
}

/**
 * The rows that can be read of one of the caller's queries, a head line first. What is wrong is thrown before the first piece:
 * AppError not_found, conflict where there is no result, result_expired, warehouse_unavailable.
 */
export async function resultCsv(ctx: CustomerCtx, queryId: string): Promise<AsyncGenerator<string>> {
  await authorise(ctx, 'desk:query', 'desk.read_result');
  const query = await followQuery(ctx, await findOwn(ctx, queryId));
  if (query.status !== 'COMPLETED') throw new AppError('conflict', 'This query has no result.');
  const pieces = lines(ctx, query);
  const first = await pieces.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* pieces;
  })();
}
