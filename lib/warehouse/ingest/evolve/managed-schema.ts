/** The schema of a table that we manage: made, extended and widened until it takes a batch, as far as the limits allow. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { BigQueryStatementError, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import type { Clock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { addColumns, widenColumns } from '@/lib/warehouse/ingest/evolve/change-columns';
import {
  keepSchema,
  keptSchema,
  type LiveSchema,
  readSchema,
  tableUri,
} from '@/lib/warehouse/ingest/evolve/live-schema';
import { makeTable } from '@/lib/warehouse/ingest/evolve/make-table';
import {
  type AddedColumn,
  fieldsByName,
  planColumns,
  type SchemaPlan,
} from '@/lib/warehouse/ingest/evolve/plan-columns';
import { type DiscardReason, TableBlocked } from '@/lib/warehouse/ingest/evolve/prepared';
import { addedWithinHour, allowedColumns, compareColumns, noteColumns } from '@/lib/warehouse/ingest/evolve/registry';
import { mayRewrite, rewriteTable, settleRewrite } from '@/lib/warehouse/ingest/evolve/rewrite-table';
import { isOwnView, writeView } from '@/lib/warehouse/ingest/evolve/view';
import type { TableMode, Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { EvolvingTables } from '@/lib/warehouse/ingest/table-spec';

export type EvolveLimits = { maxColumns: number; newColumnsPerHour: number; rewriteMaxBytes: number };

/** The limits as they are set. */
export const evolveLimits = (): EvolveLimits => ({
  maxColumns: env().LOAD_MAX_COLUMNS,
  newColumnsPerHour: env().LOAD_NEW_COLUMNS_PER_HOUR,
  rewriteMaxBytes: env().LOAD_REWRITE_MAX_BYTES,
});

export type Managed = {
  limits: EvolveLimits;
  client: BigQuery;
  clock: Clock;
  definition: EvolvingTables;
  target: Target;
  mode: TableMode;
};
type Wanted = ReadonlyMap<string, readonly ColumnType[]>;
type Result = Pick<LiveSchema, 'fields'> & { leftOut: Map<string, DiscardReason> };

const baseOf = ({ definition, target }: Managed) => definition.specOf(target.tableName).columns;
const namesOf = (columns: readonly { name: string }[]) => new Set(columns.map(({ name }) => name));

/** Columns that keep their type whatever comes: `id`, and all that are instants by design, the partition among them. */
const fixedOf = (managed: Managed) =>
  namesOf(baseOf(managed).filter(({ name, type }) => type === 'TIMESTAMP' || name === 'id'));

/** The base columns and those of the batch, each with the types that it must take. */
function wantedColumns(managed: Managed, seen: Wanted): Map<string, readonly ColumnType[]> {
  const wanted = new Map<string, readonly ColumnType[]>(baseOf(managed).map(({ name, type }) => [name, [type]]));
  const fixed = fixedOf(managed);
  for (const [name, types] of seen) {
    const base = wanted.get(name);
    if (types.length > 0 && !fixed.has(name)) wanted.set(name, base ? [...base, ...types] : types);
  }
  return wanted;
}

async function planFor(
  managed: Managed,
  live: LiveSchema | null,
  seen: Wanted,
  rewritable = true,
): Promise<SchemaPlan> {
  const wanted = wantedColumns(managed, seen);
  const known = fieldsByName(live?.fields ?? []);
  const base = namesOf(baseOf(managed));
  const isGrowing = [...wanted.keys()].some(name => !base.has(name) && !known.has(name.toLowerCase()));
  return planColumns(live?.fields ?? [], wanted, {
    base,
    fixed: fixedOf(managed),
    maxColumns: managed.limits.maxColumns,
    newColumns: isGrowing
      ? managed.limits.newColumnsPerHour - (await addedWithinHour(managed.target, managed.clock))
      : 0,
    allowed: isGrowing ? await allowedColumns(managed.target) : new Set(),
    mayRewrite: rewritable && live !== null && mayRewrite(live.table, managed.limits.rewriteMaxBytes),
  });
}

/** Brings view and registry to the columns as BigQuery has them, whoever made them. */
async function follow(managed: Managed, live: LiveSchema, isMadeByUs = false): Promise<void> {
  const found = await compareColumns(managed.target, live.fields);
  if (!found) return;
  await writeView(managed.client, managed.target, live.fields, managed.mode);
  // Columns of a table that was there before us are no news, and take nothing of the hour's allowance.
  const first = namesOf(isMadeByUs ? baseOf(managed) : live.fields);
  await noteColumns(managed.target, found, first, managed.clock);
}

const isDone = (live: LiveSchema, plan: SchemaPlan): boolean => {
  const byName = fieldsByName(live.fields);
  return (
    plan.add.every(({ name }) => byName.has(name.toLowerCase())) &&
    [...plan.widen, ...plan.rewrite].every(({ name, to }) => byName.get(name.toLowerCase())?.type === to)
  );
};

const looksMs = [0, 250, 500, 1_000, 2_000, 4_000];

/** The schema once BigQuery shows the changes: a new column may take a moment to be seen. */
async function changedSchema({ client, target, clock }: Managed, plan: SchemaPlan): Promise<LiveSchema> {
  for (const waitMs of looksMs) {
    await sleep(waitMs);
    const live = await readSchema(client, target, clock);
    if (typeof live !== 'string' && isDone(live, plan)) return live;
  }
  throw new TableBlocked('Columns that were made are not seen yet.');
}

/** A statement that BigQuery finds wrong, as opposed to one that it does not allow us. */
const isWrong = (error: unknown) => error instanceof BigQueryStatementError && /^invalid|^400$/.test(error.reason);

/** Statements that may be refused while the columns that BigQuery does not take are looked for. */
const mostRefusals = 16;

/** Adds the columns; of a statement that BigQuery refuses, half and half. What it does not take alone is left out. */
async function addPlanned({ client, target }: Managed, plan: SchemaPlan): Promise<void> {
  const refused = new Set<string>();
  let refusals = 0;
  const add = async (columns: readonly AddedColumn[]): Promise<void> => {
    if (columns.length === 0) return;
    try {
      await addColumns(client, target, columns);
    } catch (error) {
      if (!isWrong(error)) throw error;
      refusals++;
      const half = Math.ceil(columns.length / 2);
      if (columns.length > 1 && refusals < mostRefusals) {
        await add(columns.slice(0, half));
        return add(columns.slice(half));
      }
      log().warn({ err: error, ...target, columns: columns.map(({ name }) => name) }, 'BigQuery refused columns');
      for (const { name } of columns) refused.add(name);
    }
  };
  await add(plan.add);
  plan.add = plan.add.filter(({ name }) => !refused.has(name));
  for (const name of refused) plan.leftOut.set(name, 'reserved_name');
}

/** Makes the planned changes; of a table that cannot be written anew those that need no new table. */
async function apply(managed: Managed, live: LiveSchema, plan: SchemaPlan, seen: Wanted): Promise<SchemaPlan> {
  const { client, target } = managed;
  await addPlanned(managed, plan);
  await widenColumns(client, target, plan.widen);
  if (plan.rewrite.length === 0) return plan;
  const current = plan.add.length > 0 ? await changedSchema(managed, { ...plan, rewrite: [] }) : live;
  if (await rewriteTable(client, target, current.table, plan.rewrite)) return plan;
  log().warn({ ...target, columns: plan.rewrite.map(({ name }) => name) }, 'a table could not be written anew');
  const { widen } = await planFor(managed, current, seen, false);
  await widenColumns(client, target, widen);
  return { ...plan, widen: [...plan.widen, ...widen], rewrite: [] };
}

async function created(managed: Managed, seen: Wanted): Promise<Result> {
  const { client, clock, definition, target } = managed;
  const plan = await planFor(managed, null, seen);
  const spec = definition.specOf(target.tableName);
  const base = namesOf(spec.columns);
  const made = await makeTable(client, definition.log, target, spec, plan.add).catch((error: unknown) => {
    // A column that BigQuery refuses must not keep the table from being made: those are added afterwards.
    if (!isWrong(error)) throw error;
    const only = plan.add.filter(({ name }) => base.has(name));
    return makeTable(client, definition.log, target, spec, only);
  });
  const live = keepSchema(target, made, clock);
  await follow(managed, live, true);
  return isDone(live, plan) ? { fields: live.fields, leftOut: plan.leftOut } : managedSchema(managed, seen);
}

/** A table of ours takes the name of a view that came with another table, as `page_view` beside `page`. */
async function withoutOwnView(managed: Managed, live: LiveSchema): Promise<LiveSchema | null> {
  const { client, target } = managed;
  if (live.table.type !== 'VIEW') return live;
  if (!isOwnView(live.table)) throw new TableBlocked(`${target.dataset}.${target.tableName} is a view.`);
  await bigqueryRequest(client, { method: 'DELETE', uri: tableUri(target) });
  return null;
}

async function liveTable(managed: Managed): Promise<LiveSchema | null> {
  const { client, clock, target } = managed;
  const kept = keptSchema(target, clock);
  if (kept) return kept;
  const read = await readSchema(client, target, clock);
  const live = typeof read === 'string' ? null : await withoutOwnView(managed, read);
  if (live) await follow(managed, live);
  return live;
}

/** The columns of the table after it was made to take `seen`, and those that are left out. The caller holds the table's lock. */
export async function managedSchema(managed: Managed, seen: Wanted): Promise<Result> {
  await settleRewrite(managed.client, managed.target);
  const live = await liveTable(managed);
  if (!live) return created(managed, seen);
  const plan = await planFor(managed, live, seen);
  if (plan.add.length + plan.widen.length + plan.rewrite.length === 0) {
    return { fields: live.fields, leftOut: plan.leftOut };
  }
  const done = await apply(managed, live, plan, seen);
  const changed = await changedSchema(managed, done);
  await follow(managed, changed);
  return { fields: changed.fields, leftOut: done.leftOut };
}
