/** The only way to read BigQuery for a page: scope bound by us, kept while it may be, changes on their way laid over. */
import type { z } from 'zod';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import type { Permission } from '@/lib/kernel/permissions';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { floorTo, utcDay } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { processWide } from '@/lib/platform/process-wide';
import { type SqlFile, sqlFile } from '@/lib/platform/sql-file';
import { noted } from '@/lib/warehouse/query/answer-in-time';
import { answerQuestion, type Question } from '@/lib/warehouse/query/answer-question';
import { type Datasets, isNotThereYet, withDatasets } from '@/lib/warehouse/query/datasets';
import { type Laid, layOver, type Overlay } from '@/lib/warehouse/query/overlay';
import { takeQuestion } from '@/lib/warehouse/query/query-budget';
import type { KeptRows } from '@/lib/warehouse/query/query-cache';
import { readableParameters } from '@/lib/warehouse/query/query-parameters';
import { readStand, type Stand } from '@/lib/warehouse/query/query-stand';
import type { RowsAge, RowsState } from '@/lib/warehouse/query/rows-age';

const nowStepMs = 5 * 60_000;
/** Longer than a transaction or two clocks may differ, and than a refusal waits for its minute's end. */
const changedBeforeMs = 5 * 60_000;

type Bound<Name extends string> = Omit<QueryParameters, Name>;

type Definition<Params extends z.ZodType, Row extends z.ZodType> = {
  /** `<noun>.<verb>`, for logs and refusals. */
  name: string;
  permission: Permission;
  /** Path below sql/. It names tables as `customers.<table>`, `tenant.<table>`, `agent.<table>` and `source.<table>`. */
  sql: string;
  params: Params;
  /** BigQuery parameters from the parsed params; @customer_id, @today, @now and, with a page size, @row_limit are our own. */
  bind?: (params: z.output<Params>) => Bound<'customer_id' | 'today' | 'now' | 'row_limit'>;
  row: Row;
  /** Rows of a page; the statement is asked for one more, so that the answer knows whether others follow. */
  pageSize?: (params: z.output<Params>) => number;
};

/** What people change is shown at once: a query lays it over its rows, or says why it need not. */
type CustomerDefinition<Params extends z.ZodType, Row extends z.ZodType> = Definition<Params, Row> & {
  /** The dataset that `source` stands for: of a source of the caller's customer. Throws AppError not_found for another's. */
  dataset?: (ctx: CustomerCtx, params: z.output<Params>) => Promise<string>;
} & (
    | { overlay: Overlay<z.output<Row>, z.output<Params>>; withoutOverlay?: never }
    | { overlay?: never; withoutOverlay: string }
  );

export type QueryAnswer<Row> = RowsAge & Laid<Row>;

export type Query<Params extends z.ZodType = z.ZodType, Row = unknown> = {
  queryName: string;
  permission: Permission;
  sql: string;
  staff: boolean;
  /** The tables whose changes are laid over, or the reason why none is. */
  overlay: { tables: readonly string[] } | { reason: string };
  (ctx: Ctx, raw: z.input<Params>): Promise<QueryAnswer<Row>>;
};

/** All queries of this process, for the tests that walk them. */
export const queries = (): Map<string, Query> => processWide('queries', () => new Map<string, Query>());

type Read = {
  file: SqlFile;
  name: string;
  bound: QueryParameters;
  ctx: Ctx;
  datasets: Datasets;
  /** Whose versions count: the customer's, or '' for those of the whole tables. */
  customerId: string;
  overlaid: readonly string[];
};

/** The time bound into the statement; a day's question is another one on the next day. */
function timeOf({ file, ctx }: Read): QueryParameters {
  const timed: QueryParameters = {};
  if (file.parameters.includes('now')) timed.now = { type: 'TIMESTAMP', value: floorTo(ctx.clock(), nowStepMs) };
  if (file.parameters.includes('today')) timed.today = { type: 'DATE', value: utcDay(ctx.clock()) };
  return timed;
}

const stampOf = (timed: QueryParameters, { versions }: Stand): string => JSON.stringify([timed, versions]);

async function statementRows(read: Read, timed: QueryParameters, versions: string) {
  const { file, name, bound, datasets, customerId } = read;
  const sql = customerId === '' ? file.text : withDatasets(file, datasets);
  const labels = { customer: customerId || 'all' };
  try {
    return (await noted(runStatement({ name, sql, parameters: { ...bound, ...timed }, labels }))).rows;
  } catch (error) {
    if (isNotThereYet(error, datasets, versions)) return [];
    throw error;
  }
}

function questionOf(read: Read): Question {
  const { file, ctx, datasets, bound, customerId, overlaid } = read;
  return {
    key: JSON.stringify([file.name, datasets, bound]),
    day: () => utcDay(ctx.clock()),
    shownForMs: customerId === '' ? 0 : env().PAGE_ROWS_SHOWN_SECONDS * 1_000,
    ask: async () => {
      if (customerId !== '') await takeQuestion(customerId);
      const timed = timeOf(read);
      const stand = await readStand(file.tables, customerId, overlaid);
      const rows = await statementRows(read, timed, stand.versions);
      return { rows, stamp: stampOf(timed, stand), waiting: stand.waiting };
    },
  };
}

async function answer(read: Read): Promise<{ kept: KeptRows; state: RowsState; stand: Stand }> {
  const readAt = new Date();
  const stand = await readStand(read.file.tables, read.customerId, read.overlaid);
  return { ...(await answerQuestion(questionOf(read), stampOf(timeOf(read), stand), readAt)), stand };
}

/** What was changed after BigQuery was asked, or waited then or waits now; nothing where the rows are current. */
function changedSince({ kept, state, stand }: Awaited<ReturnType<typeof answer>>) {
  if (state === 'current') return { keys: stand.waiting, since: null };
  const keys = [...new Set([...stand.waiting, ...kept.waiting])];
  return { keys, since: new Date(kept.askedAt.getTime() - changedBeforeMs) };
}

/**
 * Defines a read scoped to the caller's customer. A caller cannot pass a customer_id.
 * Source: docs/architecture.md, Making the unsafe impossible to write.
 */
export function defineQuery<Params extends z.ZodType, Row extends z.ZodType>(
  definition: CustomerDefinition<Params, Row>,
): Query<Params, z.output<Row>> {
  const { overlay, pageSize } = definition;
  const call = async (ctx: Ctx, raw: z.input<Params>): Promise<QueryAnswer<z.output<Row>>> => {
    await authorise(ctx, definition.permission, definition.name);
    const caller = requireCustomer(ctx);
    const { customerId } = caller;
    const params = parseInput(definition.params, raw);
    const file = sqlFile(definition.sql);
    const datasets = { tenant: ctx.tenantDatasetId, source: (await definition.dataset?.(caller, params)) ?? null };
    const page = pageSize?.(params);
    const bound: QueryParameters = {
      ...readableParameters({ ...definition.bind?.(params) }),
      ...(page === undefined ? {} : { row_limit: { type: 'INT64', value: page + 1 } }),
      customer_id: { type: 'STRING', value: customerId },
    };
    const overlaid = overlay?.mirrors ?? [];
    const answered = await answer({ file, name: definition.name, bound, ctx, datasets, customerId, overlaid });
    const { kept, state, stand } = answered;
    const copy = kept.rows.map(row => definition.row.parse(row));
    const age: RowsAge = { state, readAt: kept.readAt, pendingSince: stand.pendingSince };
    const changed = changedSince(answered);
    if (!overlay || (changed.keys.length === 0 && changed.since === null)) return { ...age, ...asRead(copy, page) };
    const changes = await overlay.changes(customerId, changed, { params, now: ctx.clock() });
    const laid = { overlay, copy, changes, keys: changed.keys, waiting: stand.waiting };
    return { ...age, ...layOver({ ...laid, params, pageSize: page }) };
  };
  const shown = overlay ? { tables: overlay.mirrors } : { reason: definition.withoutOverlay ?? '' };
  return register(call, { ...definition, staff: false, overlay: shown });
}

/** BigQuery's rows with nothing laid over them. */
const asRead = <Row>(rows: Row[], pageSize: number | undefined): Laid<Row> => ({
  rows: pageSize === undefined ? rows : rows.slice(0, pageSize),
  more: pageSize !== undefined && rows.length > pageSize,
  added: 0,
  updating: new Set(),
});

/**
 * Defines a read across customers, for staff only; every call leaves an audit row.
 * Source: docs/architecture.md, Making the unsafe impossible to write.
 */
export function defineStaffQuery<Params extends z.ZodType, Row extends z.ZodType>(
  definition: Omit<Definition<Params, Row>, 'permission' | 'pageSize'>,
): Query<Params, z.output<Row>> {
  const call = async (ctx: Ctx, raw: z.input<Params>): Promise<QueryAnswer<z.output<Row>>> => {
    await authorise(ctx, 'staff:read', definition.name);
    const params = parseInput(definition.params, raw);
    const file = sqlFile(definition.sql);
    const bound: QueryParameters = readableParameters({ ...definition.bind?.(params) });
    await recordStaffRead(ctx, definition.name, params);
    const { kept, state } = await answer({
      file,
      name: definition.name,
      bound,
      ctx,
      datasets: { tenant: null, source: null },
      customerId: '',
      overlaid: [],
    });
    const rows = kept.rows.map(row => definition.row.parse(row));
    return { state, readAt: kept.readAt, pendingSince: null, ...asRead(rows, undefined) };
  };
  const reason = 'Staff read across customers, never a change of their own that they must see at once.';
  return register(call, { ...definition, permission: 'staff:read', staff: true, overlay: { reason } });
}

function register<Params extends z.ZodType, Row>(
  call: (ctx: Ctx, raw: z.input<Params>) => Promise<QueryAnswer<Row>>,
  { name, permission, sql, staff, overlay }: { name: string } & Pick<Query, 'permission' | 'sql' | 'staff' | 'overlay'>,
): Query<Params, Row> {
  const query = Object.assign(call, { queryName: name, permission, sql, staff, overlay });
  queries().set(name, query as Query);
  return query;
}
