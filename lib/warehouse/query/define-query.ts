/** The only way to read BigQuery for a page: scope bound by us, cached by version, last rows when the service is down. */
import { and, eq, inArray } from 'drizzle-orm';
import type { z } from 'zod';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import { pendingChanges } from '@/lib/kernel/outbox';
import type { Permission } from '@/lib/kernel/permissions';
import { dataVersions } from '@/lib/kernel/tables';
import { BigQueryStatementError, BigQueryUnavailableError, runStatement } from '@/lib/platform/bigquery/bigquery';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { floorTo, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';
import { type SqlFile, sqlFile } from '@/lib/platform/sql-file';
import { inTime, noted } from '@/lib/warehouse/query/answer-in-time';
import { lastGoodRows, readThrough } from '@/lib/warehouse/query/query-cache';
import { readableParameters } from '@/lib/warehouse/query/query-parameters';

const nowStepMs = 5 * 60_000;
const datasetPattern = /^[a-z][a-z0-9_]{2,63}$/;

type Bound<Name extends string> = Omit<QueryParameters, Name>;

type QueryDefinition<Params extends z.ZodType, Row extends z.ZodType> = {
  /** `<noun>.<verb>`, for logs and refusals. */
  name: string;
  permission: Permission;
  /** Path below sql/. It names tables as `customers.<table>` and `tenant.<table>`. */
  sql: string;
  params: Params;
  /** BigQuery parameters from the parsed params; @customer_id, @today and @now are the kernel's own. */
  bind?: (params: z.output<Params>) => Bound<'customer_id' | 'today' | 'now'>;
  row: Row;
};

export type QueryAnswer<Row> = {
  rows: Row[];
  /** When BigQuery answered these rows. */
  readAt: Date;
  /** True when BigQuery could not be asked and these are older rows. */
  stale: boolean;
  /** Since when a change to these tables waits for the mirror; null when none does. */
  pendingSince: Date | null;
};

export type Query<Params extends z.ZodType = z.ZodType, Row = unknown> = {
  queryName: string;
  permission: Permission;
  sql: string;
  staff: boolean;
  (ctx: Ctx, raw: z.input<Params>): Promise<QueryAnswer<Row>>;
};

/** All queries of this process, for the tests that walk them. */
export const queries = (): Map<string, Query> => processWide('queries', () => new Map<string, Query>());

/** Puts the caller's dataset in the place of `tenant`; the name is checked because it cannot be a parameter. */
export function withDataset(file: SqlFile, tenantDatasetId: string | null): string {
  if (!file.tables.some(table => table.startsWith('tenant.'))) return file.text;
  if (!tenantDatasetId || !datasetPattern.test(tenantDatasetId)) throw new Error(`no dataset for ${file.name}`);
  return file.text.replace(/\btenant\.([a-z_]+)\b/g, (_, table: string) => `\`${tenantDatasetId}.${table}\``);
}

async function versionsOf(tables: string[], customerId: string): Promise<string> {
  const rows = await db()
    .select({ table: dataVersions.tableName, version: dataVersions.version })
    .from(dataVersions)
    .where(and(inArray(dataVersions.tableName, tables), eq(dataVersions.customerId, customerId)));
  return rows
    .map(row => `${row.table}=${row.version}`)
    .sort()
    .join(',');
}

/** A customer's own dataset is made with its first row: until the mirror has written one, not found means no rows. */
function isNotThereYet(error: unknown, tenantDatasetId: string | null, versions: string): boolean {
  if (!(error instanceof BigQueryStatementError) || error.reason !== 'notFound' || !tenantDatasetId) return false;
  return error.message.includes(tenantDatasetId) && !/(^|,)tenant\./.test(versions);
}

type Read = { file: SqlFile; text: string; name: string; bound: QueryParameters; ctx: Ctx; versionOwner: string };

async function read({ file, text, name, bound, ctx, versionOwner }: Read) {
  const now = floorTo(ctx.clock(), nowStepMs);
  const timed: QueryParameters = {};
  if (file.parameters.includes('now')) timed.now = { type: 'TIMESTAMP', value: now };
  if (file.parameters.includes('today')) timed.today = { type: 'DATE', value: utcDay(ctx.clock()) };
  const question = JSON.stringify([file.name, ctx.tenantDatasetId, bound]);
  try {
    const versions = await versionsOf(file.tables, versionOwner);
    const key = JSON.stringify([question, timed, versions]);
    const labels = { customer: ctx.customerId ?? 'all' };
    const asked = readThrough(key, question, async () => {
      try {
        return (await noted(runStatement({ name, sql: text, parameters: { ...bound, ...timed }, labels }))).rows;
      } catch (error) {
        if (isNotThereYet(error, ctx.tenantDatasetId, versions)) return [];
        throw error;
      }
    });
    return { ...(await inTime(asked, lastGoodRows(question) !== undefined)), stale: false };
  } catch (error) {
    if (!(error instanceof BigQueryUnavailableError)) throw error;
    const last = lastGoodRows(question);
    if (last) return { ...last, stale: true };
    throw new AppError('warehouse_unavailable', 'The data could not be loaded. Try again shortly.', {
      retryAfterSeconds: 10,
      cause: error,
    });
  }
}

/**
 * Defines a read scoped to the caller's customer. A caller cannot pass a customer_id.
 * Source: docs/architecture.md, Making the unsafe impossible to write.
 */
export function defineQuery<Params extends z.ZodType, Row extends z.ZodType>(
  definition: QueryDefinition<Params, Row>,
): Query<Params, z.output<Row>> {
  const call = async (ctx: Ctx, raw: z.input<Params>): Promise<QueryAnswer<z.output<Row>>> => {
    await authorise(ctx, definition.permission, definition.name);
    const { customerId, tenantDatasetId } = requireCustomer(ctx);
    const params = parseInput(definition.params, raw);
    const file = sqlFile(definition.sql);
    const asked = readableParameters({ ...definition.bind?.(params) });
    const bound: QueryParameters = { ...asked, customer_id: { type: 'STRING', value: customerId } };
    const [answer, pending] = await Promise.all([
      read({
        file,
        text: withDataset(file, tenantDatasetId),
        name: definition.name,
        bound,
        ctx,
        versionOwner: customerId,
      }),
      pendingChanges(customerId, file.tables),
    ]);
    return { ...answer, rows: answer.rows.map(row => definition.row.parse(row)), pendingSince: pending.since };
  };
  return register(call, definition, false);
}

/**
 * Defines a read across customers, for staff only; every call leaves an audit row.
 * Source: docs/architecture.md, Making the unsafe impossible to write.
 */
export function defineStaffQuery<Params extends z.ZodType, Row extends z.ZodType>(
  definition: Omit<QueryDefinition<Params, Row>, 'permission'>,
): Query<Params, z.output<Row>> {
  const call = async (ctx: Ctx, raw: z.input<Params>): Promise<QueryAnswer<z.output<Row>>> => {
    await authorise(ctx, 'staff:read', definition.name);
    const params = parseInput(definition.params, raw);
    const file = sqlFile(definition.sql);
    const bound: QueryParameters = readableParameters({ ...definition.bind?.(params) });
    await recordStaffRead(ctx, definition.name, params);
    const answer = await read({ file, text: file.text, name: definition.name, bound, ctx, versionOwner: '' });
    return { ...answer, rows: answer.rows.map(row => definition.row.parse(row)), pendingSince: null };
  };
  return register(call, { ...definition, permission: 'staff:read' }, true);
}

function register<Params extends z.ZodType, Row>(
  call: (ctx: Ctx, raw: z.input<Params>) => Promise<QueryAnswer<Row>>,
  definition: { name: string; permission: Permission; sql: string },
  staff: boolean,
): Query<Params, Row> {
  const query = Object.assign(call, {
    queryName: definition.name,
    permission: definition.permission,
    sql: definition.sql,
    staff,
  });
  queries().set(definition.name, query as Query);
  return query;
}
